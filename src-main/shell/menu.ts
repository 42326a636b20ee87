import { Menu, type MenuItemConstructorOptions } from 'electron';

/** The application menu: what every platform expects, and the kill switch. Reload and developer tools only while developing. */
export function setApplicationMenu(acts: { freeze(): void; open(): void }, options: { mac: boolean; developing: boolean }): void {
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
  if (options.developing) view.push({ role: 'reload' }, { role: 'toggleDevTools' });
  const template: MenuItemConstructorOptions[] = [
    ...(options.mac ? [{ role: 'appMenu' as const }] : [{ label: 'Strikedesk', submenu: [{ role: 'quit' as const }] }]),
    { role: 'editMenu' },
    { label: 'View', submenu: view },
    {
      label: 'Trading',
      submenu: [
        { label: 'Open the desk', click: acts.open },
        { label: 'Kill switch: freeze everything', accelerator: 'CommandOrControl+Shift+K', click: acts.freeze },
      ],
    },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
