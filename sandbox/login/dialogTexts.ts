/** Texts of the login dialogs in the two languages of their readers. */
const TEXTS = {
  title: ['Log in', 'Entrar'],
  note: [
    'Sandbox: plays the login. Nothing leaves this machine.',
    'Simulador: faz o papel do login. Nada sai desta máquina.',
  ],
  whoFacebook: ['Who is logging in?', 'Quem está entrando?'],
  whoInstagram: ['Which account is logging in?', 'Qual conta está entrando?'],
  wants: ['wants to connect your accounts', 'quer conectar suas contas'],
  wantsInstagram: ['wants to manage this account', 'quer gerenciar esta conta'],
  loggedInAs: ['Logged in as', 'Você entrou como'],
  notYou: ['Not you?', 'Não é você?'],
  pages: ['Pages', 'Páginas'],
  pagesHint: [
    'Choose the Pages that the app may use.',
    'Escolha as páginas que o aplicativo pode usar.',
  ],
  noPages: ['You have no Page.', 'Você não tem nenhuma página.'],
  noPage: ['no Page', 'nenhuma página'],
  onePage: ['1 Page', '1 página'],
  manyPages: ['Pages', 'páginas'],
  noInstagram: ['no Instagram account', 'sem conta do Instagram'],
  noMessaging: ['you may not answer messages here', 'você não pode responder mensagens aqui'],
  permissions: ['Permissions', 'Permissões'],
  permissionsHint: [
    'Untick what the app should not do.',
    'Desmarque o que o aplicativo não deve fazer.',
  ],
  allowedBefore: ['Allowed before', 'Permitido antes'],
  declinedBefore: ['Declined before', 'Recusado antes'],
  edit: ['Edit access', 'Editar acesso'],
  again: [
    'You have connected this app before. It keeps the access below.',
    'Você já conectou este aplicativo. Ele mantém o acesso abaixo.',
  ],
  continue: ['Continue', 'Continuar'],
  cancel: ['Cancel', 'Cancelar'],
  returnsTo: ['Afterwards you go back to', 'Depois você volta para'],
  problem: ['This login does not work', 'Este login não funciona'],
  problemHint: [
    'The app is set up wrongly. Close this window.',
    'O aplicativo está mal configurado. Feche esta janela.',
  ],
} satisfies Record<string, [en: string, pt: string]>;

export type TextKey = keyof typeof TEXTS;

export function textOf(key: TextKey, isPortuguese: boolean): string {
  return TEXTS[key][isPortuguese ? 1 : 0];
}

const PERMISSIONS: Record<string, [en: string, pt: string]> = {
  pages_messaging: ['Answer messages of your Pages', 'Responder mensagens das suas páginas'],
  pages_manage_metadata: ['Receive notifications of your Pages', 'Receber avisos das suas páginas'],
  pages_show_list: ['See the list of your Pages', 'Ver a lista das suas páginas'],
  pages_read_engagement: [
    'Read content and followers of your Pages',
    'Ler conteúdo e seguidores das suas páginas',
  ],
  business_management: ['Manage your business portfolio', 'Gerenciar seu portfólio empresarial'],
  page_utility_messaging: ['Send utility messages', 'Enviar mensagens de utilidade'],
  pages_utility_messaging: ['Send utility messages', 'Enviar mensagens de utilidade'],
  instagram_basic: [
    'See the profile of your Instagram account',
    'Ver o perfil da sua conta do Instagram',
  ],
  instagram_manage_messages: [
    'Read and answer direct messages on Instagram',
    'Ler e responder mensagens do Instagram Direct',
  ],
  instagram_manage_comments: [
    'Read and answer comments on Instagram',
    'Ler e responder comentários no Instagram',
  ],
  whatsapp_business_messaging: ['Send WhatsApp messages', 'Enviar mensagens no WhatsApp'],
  whatsapp_business_management: [
    'Manage your WhatsApp accounts',
    'Gerenciar suas contas do WhatsApp',
  ],
  instagram_business_basic: ['See profile and posts', 'Ver perfil e publicações'],
  instagram_business_manage_messages: [
    'Read and answer direct messages',
    'Ler e responder mensagens diretas',
  ],
  instagram_business_manage_comments: ['Read and answer comments', 'Ler e responder comentários'],
  instagram_business_content_publish: ['Publish posts', 'Publicar conteúdo'],
};

/** What a permission allows, in words. */
export function permissionText(scope: string, isPortuguese: boolean): string {
  return PERMISSIONS[scope]?.[isPortuguese ? 1 : 0] ?? scope;
}
