/** How long a password is at least and at most, in characters: the page says so before the server does. */
export const MIN_PASSWORD_LENGTH = 10;
export const MAX_PASSWORD_LENGTH = 128;
