export { listenForProfileOwners, type ProfileOwners } from './profile-owners.ts';
export { profilesClient, type CallOptions, type ProfilesClient } from './profiles-client.ts';
export { profileQueries, type ProfileQueries } from './profile-queries.ts';
