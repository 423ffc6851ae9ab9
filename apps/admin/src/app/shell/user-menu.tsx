import type { FragmentType } from "@apollo/client";
import { useApolloClient, useFragment } from "@apollo/client/react";
import { Menu, UnstyledButton, VisuallyHidden, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import {
  IconBuildingCog,
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSelector,
  IconSun,
  IconUserCircle,
  IconUsers,
} from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { useNotify } from "../../components/use-notify.ts";
import { UserMenu_UserFragmentDoc, type Role, type UserMenu_UserFragment } from "../../generated/graphql.ts";
import { signOut } from "../../session/auth-requests.ts";
import classes from "./menu-button.module.css";

interface UserMenuProps {
  readonly user: FragmentType<UserMenu_UserFragment>;
  readonly teamName: string | null;
  readonly role: Role | null;
  readonly isMember: boolean;
  readonly isSuperAdmin: boolean;
  readonly onNavigate: () => void;
}

const SCHEMES = [
  { value: "light", label: "schemeLight", Icon: IconSun },
  { value: "dark", label: "schemeDark", Icon: IconMoon },
  { value: "auto", label: "schemeAuto", Icon: IconDeviceDesktop },
] as const satisfies { value: MantineColorScheme; label: string; Icon: typeof IconSun }[];

export function UserMenu({ user, teamName, role, isMember, isSuperAdmin, onNavigate }: UserMenuProps) {
  const t = useTranslations("shell");
  const tRoles = useTranslations("roles");
  const leave = useSignOut();
  const { data, complete } = useFragment({
    fragment: UserMenu_UserFragmentDoc,
    fragmentName: "UserMenu_user",
    from: user,
  });
  if (!complete) return null;
  const identity = data.email ?? data.name;
  return (
    <Menu withInitialFocusPlaceholder={false} width="target" position="top-start" withinPortal shadow="md">
      <Menu.Target>
        <UnstyledButton className={classes.button}>
          <span className={`${classes.tile} ${classes.round}`} aria-hidden="true">
            {[...data.name][0]?.toUpperCase() ?? "?"}
          </span>
          <VisuallyHidden>{t("account")}</VisuallyHidden>
          <span className={classes.text}>
            <span className={classes.primary}>{identity}</span>
            {role === null ? null : <span className={classes.secondary}>{tRoles(role)}</span>}
          </span>
          <IconSelector size={16} aria-hidden="true" className={classes.chevron} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {data.name}
          {role === null || teamName === null ? null : (
            <span className={classes.secondary}>{t("roleInTeam", { role: tRoles(role), team: teamName })}</span>
          )}
        </Menu.Label>
        <Menu.Item
          component={Link}
          to="/settings/account"
          leftSection={<IconUserCircle size={16} aria-hidden="true" />}
          onClick={onNavigate}
        >
          {t("yourAccount")}
        </Menu.Item>
        {isMember ? (
          <Menu.Item
            component={Link}
            to="/settings/team/members"
            leftSection={<IconUsers size={16} aria-hidden="true" />}
            onClick={onNavigate}
          >
            {t("membership")}
          </Menu.Item>
        ) : null}
        {isSuperAdmin ? (
          <Menu.Item
            component={Link}
            to="/backoffice"
            leftSection={<IconBuildingCog size={16} aria-hidden="true" />}
            onClick={onNavigate}
          >
            {t("backoffice")}
          </Menu.Item>
        ) : null}
        <Menu.Divider />
        <Menu.Label>{t("colorScheme")}</Menu.Label>
        <ColorSchemeItems />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden="true" />} onClick={() => void leave()}>
          {t("signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function ColorSchemeItems() {
  const t = useTranslations("shell");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as MantineColorScheme)}>
      {SCHEMES.map(({ value, label, Icon }) => (
        <Menu.RadioItem key={value} value={value}>
          <span className={classes.item}>
            <Icon size={16} aria-hidden="true" />
            {t(label)}
          </span>
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

function useSignOut(): () => Promise<void> {
  const t = useTranslations("shell");
  const client = useApolloClient();
  const notify = useNotify();
  const navigate = useNavigate();
  return async () => {
    const outcome = await signOut();
    if (!outcome.ok && outcome.failure !== "unauthenticated") {
      notify(t("signOutFailed"), "negative");
      return;
    }
    await navigate({ to: "/sign-in", search: { notice: "signed-out" } });
    await client.clearStore();
  };
}
