"""Runs schemathesis against a Rony of its own: no 5xx, no status that is not documented, no invalid input that is accepted.

Usage: schema.py RONY SCHEMATHESIS FOLDER SECONDS SEED. The server listens on the loopback address only and ends with this script. The last
line on stdout is the result as JSON; the exit code is 1 when schemathesis found anything, or hardly asked anything.
"""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

PASSWORD = "correct horse battery staple"

# What ends the session that requests are made with is left to a short run at the end, as somebody else.
ENDS_THE_SESSION = ["sessions_sign_out_current", "sessions_refresh", "sessions_sign_out"]

# Administrators may deactivate themselves when there is another one; of others this is tried on what is known.
ENDS_THE_ACCOUNT = ["users_administer"]

# Of the operations on what is known, these would end it before the others have tried it.
ENDS_THE_KNOWN = ["members_leave", "members_remove", "conversations_delete", "messages_delete"]

# What any operation may answer, beside what its own description names: it is not for each of them to say that a body that is no JSON is
# refused. The description says so by `default`; a checker would take that for leave to answer anything.
ANYWHERE = [400, 401, 404, 405, 413, 415, 422, 429]

# What refuses invalid input: 412 is what tus asks for where its version is not named, 413 what is said of an upload that is too long.
REFUSALS = [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429, "5xx"]

# Fewer requests a second say that something kept it from asking: a tenth of what two busy cores make.
LEAST = 20

# Parts of uploads are bytes like others.
HOOKS = """import schemathesis

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
"""

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(url: str, body: dict | None = None, token: str | None = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url, data, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def wait_until_ready(base: str, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            ask(f"{base}/health/ready")
            return
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                sys.exit("the server does not start")
            time.sleep(0.05)


def sign_in(base: str, username: str) -> str:
    answer = ask(f"{base}/api/v1/sessions", {"username": username, "password": PASSWORD})
    return answer["token"]


def still_signed_in(base: str, token: str) -> bool:
    """Whether requests were made by somebody until the end: who is signed out tries nothing but 401."""
    try:
        ask(f"{base}/api/v1/me", token=token)
    except urllib.error.HTTPError as refused:
        print(f"the session did not last: GET /me is answered with {refused.code}", file=sys.stderr)
        return False
    return True


def strict_description(base: str, folder: Path) -> Path:
    """The API's description, with the statuses of `ANYWHERE` in place of `default`."""
    description = ask(f"{base}/api/v1/openapi.json")
    for operations in description["paths"].values():
        for operation in operations.values():
            problem = operation["responses"].pop("default", None)
            for status in ANYWHERE if problem else []:
                operation["responses"].setdefault(str(status), {"description": "A problem"} | problem)
    path = folder / "openapi.json"
    path.write_text(json.dumps(description), encoding="utf-8")
    return path


def configuration(folder: Path, name: str, operations: list[str]) -> Path:
    """Writes a configuration with what holds for every run, and these lines."""
    hooks = folder / "hooks.py"
    hooks.write_text(HOOKS, encoding="utf-8")
    # A list in JSON is one in TOML, and so is a string.
    lines = [f"hooks = {json.dumps(str(hooks))}", "[checks.negative_data_rejection]", f"expected-statuses = {json.dumps(REFUSALS)}"]
    config = folder / name
    config.write_text("\n".join(lines + operations) + "\n", encoding="utf-8")
    return config


def meet(base: str, token: str, folder: Path) -> Path:
    """Makes a conversation with a message, and a bot; gives a configuration by which requests are about these."""
    api = f"{base}/api/v1"
    wish = {"client_id": str(uuid.uuid4()), "kind": "group", "title": "Garden"}
    place = ask(f"{api}/conversations", wish, token)["id"]
    said = {"client_id": str(uuid.uuid4()), "text": "Roses, @ann"}
    message = ask(f"{api}/conversations/{place}/messages", said, token)["id"]
    bot = ask(f"{api}/users", {"username": "kettle", "bot": True}, token)["id"]
    known = [("/conversations/", {"id": place, "conversation_id": place, "message_id": message, "emoji": "tea"}), ("/users/", {"id": bot})]
    lines = []
    for path, ids in known:
        parameters = ", ".join(f'"path.{name}" = "{value}"' for name, value in ids.items())
        lines += ["[[operations]]", f'include-path-regex = "^{path}"', f"parameters = {{ {parameters} }}"]
    return configuration(folder, "known.toml", lines)


def selecting(flag: str, values: list[str]) -> list[str]:
    return [word for value in values for word in (flag, value)]


class Checker:
    """Calls schemathesis, and adds up what comes of it."""

    def __init__(self, program: str, base: str, folder: Path, seed: str):
        self.program, self.base, self.folder, self.seed = program, base, folder, seed
        self.description = strict_description(base, folder)
        self.config = configuration(folder, "any.toml", [])
        self.good, self.requests = True, 0

    def run(self, seconds: int, token: str, select: list[str], config: Path | None = None) -> None:
        """Tries the operations that `select` selects, signed in by the token."""
        command = [self.program, "--config-file", str(config or self.config)]
        command += ["run", str(self.description), "--url", f"{self.base}/api/v1"]
        command += ["--header", f"Authorization: Bearer {token}", "--checks", ",".join(CHECKS)]
        command += ["--phases", "examples,coverage,fuzzing,stateful", "--max-time", str(seconds), "--max-examples", "50"]
        command += ["--continue-on-failure", "--request-timeout", "30", "--no-color", "--seed", self.seed, "--warnings", "off"]
        asking = {"cwd": self.folder, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        run = subprocess.run(command + select, timeout=2 * seconds + 60, **asking)
        if run.returncode != 0:
            print(run.stdout, file=sys.stderr)
            self.good = False
        made = re.search(r"(\d[\d,]*) generated", run.stdout)
        self.requests += int(made[1].replace(",", "")) if made else 0


def main() -> int:
    rony, schemathesis, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    seconds, seed = int(sys.argv[4]), sys.argv[5]
    begun = time.monotonic()
    data = ["--data", str(folder / "data")]
    for person in (["ann", "--admin"], ["bob"]):
        add = [rony, "user", "add", *person, "--password-stdin", *data]
        subprocess.run(add, input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with open(folder / "server.log", "w", encoding="utf-8") as log:
        serve = [rony, "serve", *data, "--port", str(port), "--metrics", "off"]
        server = subprocess.Popen(serve, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        wait_until_ready(base, server)
        # All at the beginning: what is tried on sign-in uses up the tries that there are.
        lasting, ending = sign_in(base, "ann"), sign_in(base, "bob")
        known = meet(base, lasting, folder)
        checker = Checker(schemathesis, base, folder, seed)
        checker.run(seconds * 2 // 3, lasting, selecting("--exclude-operation-id", ENDS_THE_SESSION + ENDS_THE_ACCOUNT))
        inside = ["--include-path-regex", "^/(conversations|users)/[{]", *selecting("--exclude-operation-id", ENDS_THE_KNOWN)]
        checker.run(seconds // 3, lasting, inside, known)
        lasted = still_signed_in(base, lasting)
        checker.run(max(seconds // 10, 5), ending, selecting("--include-operation-id", ENDS_THE_SESSION))
        enough = checker.requests >= LEAST * seconds
        if not enough:
            print(f"only {checker.requests} requests in {seconds} s", file=sys.stderr)
        good = checker.good and enough and lasted and server.poll() is None
    finally:
        server.terminate()
        server.wait(timeout=30)
    took = round(time.monotonic() - begun, 1)
    print(json.dumps({"fault": "schema", "good": good, "requests": checker.requests, "seed": int(seed), "seconds": took}))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
