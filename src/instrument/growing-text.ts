/** For the instrumentations, which import the kit only. */
export { growingText, growText, grownText, type GrowingText } from '../shared/growing-text.js';
