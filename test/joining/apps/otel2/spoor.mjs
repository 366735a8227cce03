import { init } from 'spoor';

init();
