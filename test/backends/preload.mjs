// Before a program: gives spoor the options that no variable has, several receivers at once among them.
import { init } from 'spoor';

init(JSON.parse(process.env.BACKENDS_OPTIONS));
