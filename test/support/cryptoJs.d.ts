/** What the tests use of crypto-js, which brings no types: an HMAC that is not Node's. */
declare module 'crypto-js' {
  interface Encoder {
    readonly name?: string;
  }
  interface WordArray {
    toString(encoder?: Encoder): string;
  }
  const CryptoJS: {
    HmacSHA256(message: string, key: string): WordArray;
    enc: { Hex: Encoder; Base64: Encoder };
  };
  export default CryptoJS;
}
