/// <reference types="vite/client" />
import '../../../src-renderer/connection/withoutEval.ts';
import { startWindow } from '../../../src-renderer/app/startWindow.tsx';
import { scriptedLink } from './scriptedDesk.ts';

const container = document.getElementById('desk');
if (container) startWindow(container, scriptedLink(new URLSearchParams(location.search)), () => undefined);
