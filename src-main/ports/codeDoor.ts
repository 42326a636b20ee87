/** What wrong codes are counted against: arming real money, or signing in from a browser. */
export type CodeDoor = 'arming' | 'webSignIn';
