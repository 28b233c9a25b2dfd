"""Load the demo and a plain `gr.Interface` around the same model, one after the other.

    python benchmarks/demo.py --seconds 60

Each server, and the load, is a process of its own. An answer takes two requests over
plain HTTP: the question is posted, then its event is read. Every text is a new one, so
that no memory of answers could help. The plain side is what a first tutorial builds: a
transformers pipeline, or with --same-model the kit's own `Classifier`. Rounds alternate
between the sides; ratios are of their medians.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent
USERS = 20
REVIEW = (
    "an utterly compelling slow warm film about the reputation of most famous author "
    "who ever lived told with wit and noise by actors that nobody will remember"
)
PLAIN = """
import sys
import gradio as gr
from course.inference import Classifier
from course.runs import open_run
same = sys.argv[2] == "same"
run = open_run("sentiment")
if same:
    classifier = Classifier(run)
else:
    from transformers import pipeline
    pipe = pipeline(
        "text-classification", model=run.model(), tokenizer=run.tokenizer()
    )
def classify(text):
    if same:
        row = classifier.predict([text]).probabilities[0].tolist()
        return dict(zip(classifier.labels, row))
    return {said["label"]: said["score"] for said in pipe(text, top_k=None)}
demo = gr.Interface(classify, "text", "label", api_name="classify")
demo.launch(server_port=int(sys.argv[1]), quiet=True)
"""


def start(side: str, port: int, same: bool) -> subprocess.Popen:
    """Start one side's server, with the shipped adapters."""
    plain = [sys.executable, "-c", PLAIN, str(port), "same" if same else "pipeline"]
    kit = [sys.executable, str(ROOT / "app.py"), "--port", str(port)]
    environment = os.environ | {"GRADIO_ANALYTICS_ENABLED": "False"}
    return subprocess.Popen(
        plain if side == "plain" else kit,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def megabytes(process: subprocess.Popen) -> float:
    """Return the memory that a process holds now; Linux only."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


async def ask(client: httpx.AsyncClient, side: str, chance: random.Random) -> float:
    """Ask about a new text and return the seconds until the answer was read."""
    text = " ".join(chance.choices(REVIEW.split(), k=chance.randint(8, 24)))
    data = [text] if side == "plain" else [text, "sentiment"]
    begun = time.perf_counter()
    posted = await client.post("/classify", json={"data": data})
    event = posted.raise_for_status().json()["event_id"]
    answer = await client.get(f"/classify/{event}")
    if not answer.text.startswith("event: complete"):
        raise ValueError(answer.text[:200])
    return time.perf_counter() - begun


async def load(address: str, side: str, users: int, seconds: float) -> dict:
    """Let users ask without pause and return each answer's seconds, and failures."""
    took: list[float] = []
    failures: list[str] = []
    end = time.perf_counter() + seconds

    async def user(number: int) -> None:
        chance = random.Random(number)
        while time.perf_counter() < end:
            try:
                took.append(await ask(client, side, chance))
            except (httpx.HTTPError, ValueError) as error:
                failures.append(str(error))

    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        await asyncio.gather(*(user(number) for number in range(users)))
    return {"took": took, "failures": failures, "seconds": seconds}


def in_own_process(port: int, side: str, users: int, seconds: float) -> dict:
    """Return `load`'s result; the load has a process of its own."""
    command = [sys.executable, __file__, "--load", side, str(port), str(users)]
    done = subprocess.run(
        [*command, str(seconds)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def wait_for_answer(port: int, side: str, process: subprocess.Popen) -> None:
    """Wait until a server has answered once."""
    address = f"http://127.0.0.1:{port}/gradio_api/call"

    async def first() -> None:
        while process.poll() is None:
            try:
                async with httpx.AsyncClient(base_url=address, timeout=60) as client:
                    await ask(client, side, random.Random(0))
                    return
            except (httpx.HTTPError, ValueError):
                await asyncio.sleep(0.05)
        raise SystemExit(f"The {side} server ended before it answered.")

    asyncio.run(first())


def measure(side: str, port: int, seconds: float, same: bool) -> dict[str, float]:
    """Return what one start of one side gives."""
    begun = time.perf_counter()
    process = start(side, port, same)
    try:
        wait_for_answer(port, side, process)
        first = time.perf_counter() - begun
        in_own_process(port, side, 1, 1)  # what is only slow at first
        before = megabytes(process)
        alone = in_own_process(port, side, 1, seconds / 2)
        many = in_own_process(port, side, USERS, seconds)
        after = megabytes(process)
    finally:
        process.terminate()
        process.wait()
    failures = alone["failures"] + many["failures"]
    for failure in sorted(set(failures))[:3]:
        print(f"{side}: {failure}", file=sys.stderr)
    return {
        "first answer, s": first,
        **summary("1 user", alone),
        **summary(f"{USERS} users", many),
        "failures": len(failures),
        "MB before": before,
        "MB after": after,
    }


def summary(name: str, run: dict) -> dict[str, float]:
    """Return p50, p95 and requests a second of a load."""
    cuts = statistics.quantiles(run["took"], n=20)
    return {
        f"{name}, p50 ms": 1000 * statistics.median(run["took"]),
        f"{name}, p95 ms": 1000 * cuts[-1],
        f"{name}, requests/s": len(run["took"]) / run["seconds"],
    }


def import_seconds() -> float:
    """Return the seconds of `import app` in a fresh process."""
    code = "import time; s = time.perf_counter(); import app; app.demo; "
    code += "print(time.perf_counter() - s)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    return float(done.stdout)


def main() -> None:
    """Print a table of both sides, then JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20, help="of 20 users' load")
    parser.add_argument("--rounds", type=int, default=3, help="starts of each side")
    parser.add_argument("--same-model", action="store_true", help="no pipeline")
    parser.add_argument("--port", type=int, default=7960)
    parser.add_argument("--load", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.load:
        side, port, users, seconds = options.load
        address = f"http://127.0.0.1:{port}/gradio_api/call"
        print(json.dumps(asyncio.run(load(address, side, int(users), float(seconds)))))
        return
    found: dict[str, list[dict]] = {"plain": [], "kit": []}
    for _ in range(options.rounds):
        for side, rounds in found.items():
            same = options.same_model
            rounds.append(measure(side, options.port, options.seconds, same))
    sides = {
        side: {name: statistics.median(r[name] for r in rounds) for name in rounds[0]}
        for side, rounds in found.items()
    }
    print(f"{'':24}{'plain':>10}{'kit':>10}{'ratio':>8}", file=sys.stderr)
    for name, plain in sides["plain"].items():
        kit = sides["kit"][name]
        ratio = f"{kit / plain:8.2f}" if plain else ""
        print(f"{name:24}{plain:10.1f}{kit:10.1f}{ratio}", file=sys.stderr)
    result = {**sides, "import app, s": import_seconds()}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
