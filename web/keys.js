/* Keys that work everywhere on a page, and when they must not. */

const isApple = () => /mac|iphone|ipad/i.test(navigator.platform);

/* Whether somebody writes where @event comes from, in whatever shadow tree that is. */
export function isTyping(event) {
	return event.composedPath().some((node) =>
		node.isContentEditable || /^(?:input|textarea|select)$/.test(node.localName) || node.role === 'textbox');
}

/* Whether @event is @shortcut: a key, or 'mod+key' where mod is ⌘ on Apple's machines and Ctrl elsewhere. */
export function isShortcut(event, shortcut) {
	const [key, mod] = shortcut.toLowerCase().split('+').reverse();
	const [held, other] = isApple() ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
	return event.key.toLowerCase() === key && held === (mod === 'mod') && !other && !event.altKey;
}

/* 'mod+k' as aria-keyshortcuts has it; and the same as people read it. */
export function shortcutForAria(shortcut) {
	return shortcut.replace('mod', isApple() ? 'Meta' : 'Control').replace(/\w$/, (key) => key.toUpperCase());
}

export function shortcutLabel(shortcut) {
	return shortcutForAria(shortcut).replace('Meta+', '⌘').replace('Control+', 'Ctrl ');
}
