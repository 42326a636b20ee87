// The built headless entry: the same host as the desktop app's, under plain Node and a supervisor.
import './serve.ts';
