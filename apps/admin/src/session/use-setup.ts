import { useEffect, useState } from "react";
import { readSetup, type Setup } from "./auth-requests.ts";

/** What the server says to people who are not signed in. Until it has answered: nothing special. */
export function useSetup(): Setup {
  const [setup, setSetup] = useState<Setup>({ needsFirstUser: false, signInProviders: [], mail: null });
  useEffect(() => {
    let isMounted = true;
    void readSetup().then((answer) => {
      if (isMounted) setSetup(answer);
    });
    return () => {
      isMounted = false;
    };
  }, []);
  return setup;
}
