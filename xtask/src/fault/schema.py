"""Runs schemathesis against a Rony of its own: no 5xx, no status that is not documented, no invalid input that is accepted.

Usage: schema.py RONY SCHEMATHESIS FOLDER SECONDS. The server listens on the loopback address only and ends with this script. The last
line on stdout is the result as JSON; the exit code is 1 when schemathesis found anything.
"""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

PASSWORD = "correct horse battery staple"

# What ends the very session that all requests are made with is left to a short run at the end.
ENDS_THE_SESSION = ["/sessions/current", "/sessions/refresh"]

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


def ask(url: str, body: dict | None = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"})
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


def sign_in(base: str) -> str:
    answer = ask(f"{base}/api/v1/sessions", {"username": "ann", "password": PASSWORD})
    return answer["token"]


def check(schemathesis: str, base: str, folder: Path, seconds: int, only: list[str]) -> tuple[bool, int]:
    """Runs it once; whether all was well, and how many requests it made."""
    command = [schemathesis, "run", f"{base}/api/v1/openapi.json", "--url", f"{base}/api/v1"]
    command += ["--header", f"Authorization: Bearer {sign_in(base)}", "--checks", ",".join(CHECKS)]
    command += ["--phases", "examples,coverage,fuzzing,stateful", "--max-time", str(seconds), "--max-examples", "50"]
    command += ["--continue-on-failure", "--request-timeout", "30", "--no-color", "--seed", "1", "--warnings", "off"]
    flag = "--include-path" if only else "--exclude-path"
    for path in only or ENDS_THE_SESSION:
        command += [flag, path]
    run = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if run.returncode != 0:
        print(run.stdout, file=sys.stderr)
    made = re.search(r"(\d[\d,]*) generated", run.stdout)
    return run.returncode == 0, int(made[1].replace(",", "")) if made else 0


def main() -> int:
    rony, schemathesis, folder, seconds = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    begun = time.monotonic()
    data = ["--data", str(folder / "data")]
    add = [rony, "user", "add", "ann", "--admin", "--password-stdin", *data]
    subprocess.run(add, input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with open(folder / "server.log", "w", encoding="utf-8") as log:
        serve = [rony, "serve", *data, "--port", str(port), "--metrics", "off"]
        server = subprocess.Popen(serve, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        wait_until_ready(base, server)
        good, cases = check(schemathesis, base, folder, seconds, [])
        ends, more = check(schemathesis, base, folder, max(seconds // 10, 5), ENDS_THE_SESSION)
        good = good and ends and server.poll() is None
    finally:
        server.terminate()
        server.wait(timeout=30)
    took = round(time.monotonic() - begun, 1)
    print(json.dumps({"fault": "schema", "good": good, "requests": cases + more, "seconds": took}))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
