#!/usr/bin/env python3
"""Tests the page: what it reads of each sample is what `gt02 decode --json` has, and a headless
browser shows it. Screenshots come into the folder of the page.

web.py GT02 GT02_WASM PAGE
"""

import base64
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

CAPI = pathlib.Path(__file__).resolve().parent.parent
ROOT = CAPI.parent
SAMPLES = sorted(p for p in (ROOT / "examples").glob("*.*") if p.suffix in (".log", ".pcap"))
# Hex with a comment, an answer and a text between; and text alone.
PASTED = {
    "pasted.hex": "# a heartbeat, and its answer\n"
                  "< 68 68 0f 05 04 03 58 89 90 58 31 40 17 00 df 1a 00 00 0d 0a # up\n"
                  "> 54 68 1a 0d 0a\n"
                  "(013612345678BP00353588020144007HSO)\n",
    "pasted.txt": "*HQ,4109120456,V1,100005,A,4722.1000,N,00832.0000,E,012.00,080,040526,"
                  "FFFFFFFF#\n",
}


def items(command):
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()
    return [json.loads(line) for line in lines]


def summary(found):
    """What was found, without where: noise in pieces, and connections under other names."""
    frames = collections.Counter()
    noise = collections.Counter()
    for item in found:
        if item["kind"] == "noise":
            noise[item["reason"]] += len(item["raw"]) // 2
        else:
            kept = ("protocol", "kind", "device", "direction", "raw", "time", "alarm")
            frames[json.dumps([item.get(name) for name in kept])] += 1
    return frames, noise


def captures(command, wasm, folder):
    """The captures, as the page reads them and as the command does."""
    for name, text in PASTED.items():
        (folder / name).write_text(text)
    count = 0
    for path in [*SAMPLES, *(folder / name for name in PASTED)]:
        expected = items([command, "decode", "--json", "-q", path])
        found = items(["node", CAPI / "tests/capture.mjs", wasm, path])
        for one, other in zip(summary(found), summary(expected)):
            assert one == other, f"{path.name}: {one - other} instead of {other - one}"
        count += len(expected)
    return count


class Browser:
    """A headless browser, by the WebDriver protocol of chromedriver."""

    def __init__(self, folder):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        for line in self.driver.stdout:
            if port := re.search(r"successfully on port (\d+)", line):
                break
        self.base = f"http://127.0.0.1:{port[1]}/session"
        arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--no-first-run", "--disable-background-networking", "--window-size=1280,900",
                     f"--user-data-dir={folder}"]
        wanted = {"goog:chromeOptions": {"args": arguments},
                  "goog:loggingPrefs": {"browser": "ALL"}}
        answer = self.call("POST", "", {"capabilities": {"alwaysMatch": wanted}})
        self.base += f"/{answer['sessionId']}"

    def call(self, method, path, body=None):
        data = json.dumps(body if body is not None else {}).encode() if method == "POST" else None
        request = urllib.request.Request(self.base + path, data, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)["value"]

    def value(self, expression):
        return self.call("POST", "/execute/sync", {"script": f"return {expression}", "args": []})

    def until(self, expression):
        for _ in range(300):
            if self.value(expression):
                return
            time.sleep(0.1)
        raise AssertionError(f"never true: {expression}; {self.log()}")

    def element(self, selector):
        found = self.call("POST", "/element", {"using": "css selector", "value": selector})
        return next(iter(found.values()))

    def type(self, selector, text):
        self.call("POST", f"/element/{self.element(selector)}/value", {"text": text})

    def press(self, key):
        """To whatever has the focus."""
        actions = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "k", "actions": actions}]})

    def dark(self, is_dark):
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}]
        self.call("POST", "/goog/cdp/execute",
                  {"cmd": "Emulation.setEmulatedMedia", "params": {"features": scheme}})

    def width(self, width, height, is_phone):
        self.call("POST", "/goog/cdp/execute", {
            "cmd": "Emulation.setDeviceMetricsOverride",
            "params": {"width": width, "height": height, "deviceScaleFactor": 1,
                       "mobile": is_phone}})

    def picture(self, path):
        path.write_bytes(base64.b64decode(self.call("GET", "/screenshot")))

    def log(self):
        return self.call("POST", "/se/log", {"type": "browser"})

    def close(self):
        self.call("DELETE", "")
        self.driver.kill()


TAB, ENTER, ESCAPE, RIGHT, DOWN = "\ue004", "\ue007", "\ue00c", "\ue014", "\ue015"


def in_a_browser(browser, command, page):
    folder = page.parent
    browser.call("POST", "/url", {"url": f"file://{page}"})
    browser.until("document.documentElement.classList.contains('ready')")
    count = lambda name: browser.value(
        f"[...document.querySelectorAll('#summary div')].find(d => d.innerText.includes('{name}'))"
        ".querySelector('dd').textContent")

    # A file of each kind: the counts are those of the command.
    for path in SAMPLES:
        found = items([command, "decode", "--json", "-q", path])
        browser.value("document.getElementById('state').textContent = ''")
        browser.type("#file", str(path))
        browser.until(f"document.getElementById('state').textContent.startsWith('{path.name}:')")
        frames = [item for item in found if item["kind"] != "noise"]
        expected = [len(frames), sum("reply" in item for item in frames),
                    sum(len(i["raw"]) // 2 for i in found if i["kind"] == "noise")]
        names = ["Frames", "Answers owed", "Bytes of noise"]
        shown = [int(count(name).replace(",", "")) for name in names]
        # Replies with the time need a clock, which only packets have.
        if path.suffix == ".pcap" or "h02" in path.name:
            del expected[1], shown[1]
        assert shown == expected, f"{path.name}: {shown}, not {expected}"

    # The example: a table, which the keyboard goes through, and the report of a row.
    browser.value("document.getElementById('example').click()")
    browser.until("document.getElementById('state').textContent.startsWith('example')")
    assert browser.value("document.querySelectorAll('#items tbody tr').length") == 200
    browser.dark(False)
    browser.picture(folder / "table.png")
    browser.type("#filter", "overspeed")
    assert browser.value("document.querySelectorAll('#items tbody tr').length") == 1
    browser.press(TAB)
    browser.press(ENTER)
    words = browser.value("document.querySelector('dialog[open]').innerText")
    assert "overspeed" in words and "4209951201" in words, words
    browser.picture(folder / "report.png")
    browser.press(ESCAPE)
    assert not browser.value("document.querySelector('dialog').open")
    browser.value("document.getElementById('tab-items').focus()")
    browser.press(RIGHT)
    assert browser.value("document.activeElement.id") == "tab-drive"
    browser.until("document.querySelector('#drive iframe')")

    # The map, a page of its own, in the dark.
    browser.dark(True)
    frame = {"element-6066-11e4-a52e-4f735466cecf": browser.element("#drive iframe")}
    browser.call("POST", "/frame", {"id": frame})
    browser.until("document.querySelectorAll('#devices li').length === 3")
    browser.until("document.documentElement.classList.contains('dark')")
    browser.call("POST", "/frame", {"id": None})
    time.sleep(0.5)
    browser.picture(folder / "map-dark.png")

    # Noise and answers, at the width of a phone: nothing is wider than the screen.
    browser.width(390, 844, True)
    text = "garbage!" + PASTED["pasted.txt"] + "(013612345678BP00353588020144007HSO)<b>x</b>"
    browser.value("document.getElementById('text').value = ''")
    browser.type("#text", text)
    browser.value("document.getElementById('decode').click()")
    browser.until("document.getElementById('state').textContent.startsWith('text')")
    for tab in ("items", "answers", "noise"):
        browser.value(f"document.getElementById('tab-{tab}').click()")
        assert browser.value("document.documentElement.scrollWidth") <= 390, tab
        browser.value(f"document.getElementById('{tab}').scrollIntoView()")
        browser.picture(folder / f"phone-{tab}.png")
    browser.value("document.getElementById('tab-drive').click()")
    browser.until("document.querySelector('#drive iframe')")
    assert browser.value("document.documentElement.scrollWidth") <= 390
    assert "garbage!" in browser.value("document.getElementById('noise').innerText")
    assert browser.value("document.querySelector('#noise b')") is None, "set as HTML"
    assert count("Answers owed") == "1"

    # Nothing goes out, and nothing went wrong.
    assert browser.value("performance.getEntriesByType('resource')"
                         ".filter(e => !/^(data|blob):/.test(e.name)).length") == 0
    browser.value("fetch('http://127.0.0.1:9/').catch(e => window.refused = String(e)) && 0")
    browser.until("window.refused")
    severe = [entry for entry in browser.log()
              if entry["level"] == "SEVERE" and "127.0.0.1:9" not in entry["message"]]
    assert severe == [], severe


def main():
    command, wasm, page = (pathlib.Path(path).resolve() for path in sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        count = captures(command, wasm, pathlib.Path(folder))
        print(f"{count} items of {len(SAMPLES) + len(PASTED)} captures, as the command has them")
        try:
            browser = Browser(pathlib.Path(folder) / "browser")
        except FileNotFoundError:
            print("SKIPPED: no chromedriver")
            return
        try:
            in_a_browser(browser, command, page)
        finally:
            browser.close()
    print("the page shows them in a browser")


main()
