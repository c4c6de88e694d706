import { startDeployment, type Deployment, type Instance } from './deployment.ts';
import { knownUsers } from './known-users.ts';

/** A deployment with one instance, and who is who by its log. */
export interface IdentityApi extends Deployment, Instance {
  readonly users: ReturnType<typeof knownUsers>;
}

export const startIdentityApi = async (): Promise<IdentityApi> => {
  const deployment = await startDeployment();
  return { ...deployment, ...(await deployment.instance()), users: knownUsers(deployment) };
};

/** An alias as requests name it. */
export const label = (alias_name: string, alias_label = 'l') => ({ alias_name, alias_label });

export const success = { message: 'success' };

/** An event object for `/users/track` that makes its user where there is none. */
export const eventOf = (user: object, name: string, time = '2026-01-01T00:00:00Z') => ({
  ...user,
  name,
  time,
  _update_existing_only: false,
});

/** Writes attributes of users, who are made where they are not there. */
export const put = (post: Instance['post'], ...attributes: object[]) =>
  post('/users/track', {
    attributes: attributes.map((object) => ({ _update_existing_only: false, ...object })),
  });

/** An answer without its headers. */
export const statusOf = async (answer: Promise<{ status: number; body: unknown }>) => {
  const { status, body } = await answer;
  return { status, body };
};
