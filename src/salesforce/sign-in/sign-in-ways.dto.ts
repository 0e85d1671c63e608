/** How one can sign in here */
export class SignInWays {
  password: boolean;
  /** At `/v1/sign-in/salesforce`, with a browser */
  salesforce: boolean;
}
