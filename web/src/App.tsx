import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { purposeOf } from './address.ts';
import { createApi } from './api.ts';
import { Failure } from './parts/Failure.tsx';
import { Header } from './parts/Header.tsx';
import { browserLanguage, SpeechContext, speechOf, type Language } from './texts/index.ts';
import { ConnectPage } from './views/ConnectPage.tsx';
import { Deletion } from './views/Deletion.tsx';
import { LoginWindow } from './views/LoginWindow.tsx';

/** The whole page: header, and the view that its address asks for. */
export function App() {
  const [hash, setHash] = useState(location.hash);
  const [chosen, setChosen] = useState<Language | null>(null);
  const [suggested, setSuggested] = useState<Language | null>(null);
  const language = chosen ?? suggested ?? browserLanguage();
  const speech = useMemo(() => speechOf(language), [language]);

  // Before the first paint: afterwards somebody may be quicker than we are.
  useLayoutEffect(() => {
    // Somebody pastes another link into the address of an open page.
    const changed = () => setHash(location.hash);
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = speech.say('title');
  }, [language, speech]);

  return (
    <SpeechContext.Provider value={speech}>
      <Header onLanguage={setChosen} />
      <main id="main">
        <View key={hash} hash={hash} onLanguage={setSuggested} />
      </main>
    </SpeechContext.Provider>
  );
}

interface ViewProps {
  hash: string;
  /** The language that the link was made for. */
  onLanguage: (language: Language) => void;
}

function View({ hash, onLanguage }: ViewProps) {
  const purpose = useMemo(() => purposeOf(hash), [hash]);
  const token = purpose.view === 'page' ? purpose.token : '';
  const api = useMemo(
    () => createApi(purpose.view === 'login' ? purpose.claim : token),
    [purpose, token],
  );
  switch (purpose.view) {
    case 'page':
      return <ConnectPage api={api} onLanguage={onLanguage} />;
    case 'login':
      return <LoginWindow api={api} onLanguage={onLanguage} />;
    case 'deletion':
      return <Deletion code={purpose.code} />;
    case 'failure':
      return <Failure code={purpose.code} isPage />;
  }
}
