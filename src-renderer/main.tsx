import './connection/withoutEval.ts';
import { startWindow } from './app/startWindow.tsx';
import { openLink } from './connection/openLink.ts';
import { rememberToken, takeTokenFromAddress } from './connection/token.ts';

takeTokenFromAddress();
const container = document.getElementById('desk');
if (container) startWindow(container, openLink, rememberToken);
