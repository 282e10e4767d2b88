import { isHub, type ApiError, type Api, type HubLogin, type Login } from '../api.ts';
import { useSpeech } from '../texts/index.ts';
import { ChannelSign, channelName } from './Channel.tsx';
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
  const { logins, showsRequirements } = props;
  const { say } = useSpeech();
  const meta = logins.filter((login) => !isHub(login));
  const hub = logins.filter(isHub);
  return (
    <section class="panel" aria-labelledby="connect-heading">
      <h2 id="connect-heading">{say('connectHeading')}</h2>
      {meta.length > 0 && (
        <ul class="logins">
          {meta.map((login) => (
            <li key={login}>
              <Way {...props} login={login} channel={channelOf(login)}>
                {say(login === 'facebook' ? 'continueFacebook' : 'continueInstagram')}
              </Way>
              <p class="muted">
                {say(login === 'facebook' ? 'continueFacebookHint' : 'continueInstagramHint')}
              </p>
            </li>
          ))}
        </ul>
      )}
      {hub.length > 0 && <ThroughHub {...props} hub={hub} />}
      {meta.length > 0 && (
        <details class="requirements" open={showsRequirements}>
          <summary>{say('requirements')}</summary>
          <ul>
            <li>{say('requirement1')}</li>
            <li>{say('requirement2')}</li>
            <li>{say('requirement3')}</li>
          </ul>
        </details>
      )}
    </section>
  );
}

/** NotificaMe's window, for each kind of channel that it connects. */
function ThroughHub({ hub, ...props }: ConnectSectionProps & { hub: HubLogin[] }) {
  const { say } = useSpeech();
  return (
    <div class="hub" role="group" aria-labelledby="hub-heading" data-testid="connect-notificame">
      <h3 id="hub-heading">{say('throughHub')}</h3>
      <p class="muted">{say('throughHubHint')}</p>
      <ul class="logins">
        {hub.map((login) => (
          <li key={login}>
            <Way {...props} login={login} channel={channelOf(login)}>
              {say('connectChannel', { channel: channelName(channelOf(login)) })}
            </Way>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface WayProps extends ConnectSectionProps {
  login: Login;
  channel: 'instagram' | 'messenger' | 'whatsapp';
  children: string;
}

function Way({ api, login, channel, onOpened, onTrouble, children }: WayProps) {
  return (
    <LoginLink
      api={api}
      login={login}
      className={`button login ${channel}`}
      testId={`connect-${login}`}
      onOpened={onOpened}
      onTrouble={onTrouble}
    >
      <ChannelSign channel={channel} />
      <span>{children}</span>
    </LoginLink>
  );
}

function channelOf(login: Login): WayProps['channel'] {
  if (login === 'notificame-whatsapp') return 'whatsapp';
  return login === 'instagram' || login === 'notificame-instagram' ? 'instagram' : 'messenger';
}
