import { useState } from 'preact/hooks';
import { LANGUAGE_NAMES, LANGUAGES, useSpeech, type Language } from '../texts/index.ts';

/** The two switches, language and colours. Neither is remembered: the page stores nothing. */
export function Header({ onLanguage }: { onLanguage: (language: Language) => void }) {
  const { say, language } = useSpeech();
  return (
    <header class="header">
      <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="9" fill="currentColor" />
        <path
          d="M9 12.5h8a3.5 3.5 0 0 1 0 7h-2l-3 3v-3H9zM20 9.5h1a3.5 3.5 0 0 1 3.5 3.5v4"
          fill="none"
          stroke="var(--surface)"
          stroke-width="2"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      </svg>
      <div class="switches">
        <fieldset class="segmented">
          <legend class="hidden">{say('language')}</legend>
          {LANGUAGES.map((one) => (
            <button
              type="button"
              key={one}
              lang={one}
              aria-pressed={one === language}
              onClick={() => onLanguage(one)}
              data-testid={`language-${one}`}
            >
              <span class="wide">{LANGUAGE_NAMES[one]}</span>
              <span class="narrow" aria-hidden="true">
                {one.slice(0, 2).toUpperCase()}
              </span>
            </button>
          ))}
        </fieldset>
        <ThemeSwitch />
      </div>
    </header>
  );
}

function ThemeSwitch() {
  const { say } = useSpeech();
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const toggle = () => {
    document.documentElement.dataset.theme = isDark ? 'light' : 'dark';
    setDark(!isDark);
  };
  return (
    <button
      type="button"
      class="icon-button"
      aria-pressed={isDark}
      aria-label={say('theme')}
      title={say('theme')}
      onClick={toggle}
      data-testid="theme"
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d="M16 11.5A6.5 6.5 0 0 1 8.5 4a6.5 6.5 0 1 0 7.5 7.5z" fill="currentColor" />
      </svg>
    </button>
  );
}
