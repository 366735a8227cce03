import { init } from 'spoor/bundled';

export function register() {
  init();
}
