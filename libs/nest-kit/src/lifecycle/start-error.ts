/** Why a service could not start, in a line for whoever starts it: it is printed without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
