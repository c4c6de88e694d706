/** The secret of deployments that live as long as a test. */
export const SECRET = { value: 'a secret that only these tests know', fingerprint: 'f' };
