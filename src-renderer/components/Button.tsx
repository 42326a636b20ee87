import type { ButtonHTMLAttributes } from 'react';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly tone?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly small?: boolean;
}

export function Button({ tone = 'plain', small = false, className = '', ...rest }: ButtonProps) {
  const classes = ['button', `button-${tone}`, small ? 'button-small' : '', className].filter(Boolean).join(' ');
  return <button type="button" className={classes} {...rest} />;
}
