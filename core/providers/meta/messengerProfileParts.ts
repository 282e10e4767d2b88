/** Questions that a person who has never written can tap. */
export interface IceBreaker {
  question: string;
  payload: string;
  /** `default`, or a locale such as `pt_BR`. */
  locale: string;
}

export type MenuItem =
  | { type: 'postback'; title: string; payload: string; locale: string }
  | { type: 'url'; title: string; url: string; locale: string };

export interface Greeting {
  text: string;
  locale: string;
}

/** What a conversation with an account offers before anybody writes. Absent = not touched, or not set. */
export interface MessengerProfile {
  iceBreakers?: IceBreaker[];
  persistentMenu?: MenuItem[];
  /** Messenger: people can only choose from the menu. */
  menuOnly?: boolean;
  /** Messenger: payload of the button "Get Started". */
  getStarted?: string;
  /** Messenger: shown before the first message. */
  greeting?: Greeting[];
}

export type ProfilePart = 'iceBreakers' | 'persistentMenu' | 'getStarted' | 'greeting';
