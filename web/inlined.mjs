/**
 * Puts scripts and styles into the HTML in place of the tags that would fetch them.
 * @returns {import('vite').Plugin}
 */
export function inlined() {
  return {
    name: 'inlined',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const pages = Object.values(bundle).filter(({ fileName }) => fileName.endsWith('.html'));
      for (const page of pages) {
        if (page.type !== 'asset') continue;
        page.source = String(page.source).replace(
          /<script[^>]* src="\.?\/([^"]+)"[^>]*><\/script>|<link rel="stylesheet"[^>]* href="\.?\/([^"]+)"[^>]*>/g,
          (_tag, script, style) => {
            const file = bundle[script ?? style];
            if (!file) throw new Error(`The page names ${script ?? style}, which was not built.`);
            delete bundle[file.fileName];
            // Functions, because "$&" in the code would be taken for a pattern.
            return file.type === 'chunk'
              ? `<script type="module">${closed(file.code.trim(), 'script')}</script>`
              : `<style>${closed(String(file.source).trim(), 'style')}</style>`;
          },
        );
      }
      const left = Object.keys(bundle).filter((name) => !name.endsWith('.html'));
      if (left.length > 0) throw new Error(`Not inlined: ${left.join(', ')}`);
    },
  };
}

/**
 * The text must not end its own element.
 * @param {string} text
 * @param {string} tag
 */
function closed(text, tag) {
  return text.replaceAll(`</${tag}`, () => `<\\/${tag}`);
}
