export const teamsMessages = {
  createTeam: {
    title: "Create a team",
    intro:
      "A team has its own members, API keys and plan. You will be its owner, and can invite others as soon as it is there.",
    name: "Team name",
    nameHelp: "Such as the name of your company or department.",
    submit: "Create team",
    done: "Created {team}. You are its owner.",
    unknownOutcome:
      "No answer arrived, so the team may have been made. Reload the page and look at your teams before you try again.",
    failed: "The team was not created. {message}",
  },
  acceptInvitation: {
    title: "Invitation",
    heading: "You are invited to a team",
    signedInAs: "You are signed in as <b>{email}</b>. The invitation works only for the address it was made for.",
    submit: "Accept invitation",
    otherAccount: "Use another account",
    done: "Welcome to {team}. Your role there is {role}.",
    invalidTitle: "This invitation does not work for {email}",
    invalid:
      "It was used already, has expired or was cancelled, or was made for another e-mail address. Sign in with the invited address, or ask whoever invited you for a new link.",
    toApiKeys: "Go to API Keys",
    signedOut: "Sign in with the address the invitation was made for, and you come back here to accept it.",
    signIn: "Sign in",
    orSignUp: "No account yet?",
    unknownOutcome: "No answer arrived, so you may have joined already. Reload the page and look at your teams.",
    failed: "You have not joined. {message}",
  },
  signUp: {
    email: "E-mail",
    emailHelp: "The address the invitation was made for.",
    name: "Your name",
    password: "Password",
    passwordHelp: "At least {min} characters. A few unrelated words are easy to remember and hard to guess.",
    submit: "Create account",
    notInvited:
      "This link makes no account for that address: it was used, has ended, or was made for another one. Check the address, or ask for a new link.",
    hasAccount:
      "This did not sign you in. If you have an account for this address already, sign in with its own password above.",
    notConfirmed:
      "The account is made. We sent a link to its address: open it within an hour, come back here and sign in above.",
    rejected: "The server did not accept this. Check the address, your name and the password.",
    refused: "The server refused this. Open the page under the server's own address and try again.",
    tooMany: "Too many attempts from here. Wait a minute and try again.",
    unavailable: "The server cannot reach its database right now. Try again in a moment.",
    unreachable: "The server did not answer. Check your connection and try again.",
    unexpected: "Something went wrong on the server. Try again; if it stays, tell the operator.",
  },
} as const;
