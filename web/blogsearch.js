/* Registers <blog-search>. The bundle that readers get begins here. */
import { BlogSearchElement } from './element.js';

if (!customElements.get('blog-search'))
	customElements.define('blog-search', BlogSearchElement);
