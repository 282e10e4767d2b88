import type { ApiError, Api, Login } from '../api.ts';
import { useSpeech } from '../texts/index.ts';
import { ChannelSign } from './Channel.tsx';
import { LoginLink, type OpenedLogin } from './LoginLink.tsx';

interface ConnectSectionProps {
  api: Api;
  logins: Login[];
  /** Open while nothing is connected yet: then somebody may need it. */
  showsRequirements: boolean;
  onOpened: (opened: OpenedLogin) => void;
  onTrouble: (error: ApiError) => void;
}

/** The ways to connect an account, and what is needed for it. */
export function ConnectSection(props: ConnectSectionProps) {
  const { api, logins, showsRequirements, onOpened, onTrouble } = props;
  const { say } = useSpeech();
  return (
    <section class="panel" aria-labelledby="connect-heading">
      <h2 id="connect-heading">{say('connectHeading')}</h2>
      <ul class="logins">
        {logins.map((login) => (
          <li key={login}>
            <LoginLink
              api={api}
              login={login}
              className={`button login ${login}`}
              testId={`connect-${login}`}
              onOpened={onOpened}
              onTrouble={onTrouble}
            >
              <ChannelSign channel={login === 'facebook' ? 'messenger' : 'instagram'} />
              <span>{say(login === 'facebook' ? 'continueFacebook' : 'continueInstagram')}</span>
            </LoginLink>
            <p class="muted">
              {say(login === 'facebook' ? 'continueFacebookHint' : 'continueInstagramHint')}
            </p>
          </li>
        ))}
      </ul>
      <details class="requirements" open={showsRequirements}>
        <summary>{say('requirements')}</summary>
        <ul>
          <li>{say('requirement1')}</li>
          <li>{say('requirement2')}</li>
          <li>{say('requirement3')}</li>
        </ul>
      </details>
    </section>
  );
}
