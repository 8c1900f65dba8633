/** One's personal access tokens. */
import { api, call } from "@/api/client";
import { useModel } from "@/client/hooks";
import { Section } from "@/ui/parts";
import { TokenList } from "./token-list";

export function Tokens() {
  const admin = useModel((model) => model.me.role === "administrator");
  return (
    <Section hint="With a token, a program such as a script or a bot acts as you: it can do what the token allows, and nothing more. Give each program its own.">
      <TokenList
        name="tokens"
        admin={admin}
        load={() => call(api.GET("/tokens", { params: { query: { limit: 200 } } }))}
        make={(body) => call(api.POST("/tokens", { body }))}
        remove={(id) => call(api.DELETE("/tokens/{id}", { params: { path: { id } } }))}
      />
    </Section>
  );
}
