"""Uploads in three steps, and files.info, which tells when Slack is done with a file."""

import json

from tests.fakes.slack.web_api import RefusedError, writable
from tests.fakes.slack.world import File, Message, World, type_json


def upload_url(world: World, arguments: type_json, url: str) -> type_json:
    """Step 1: where the bytes go. `url`: the start of upload addresses."""
    length, name = arguments.get("length", ""), arguments.get("filename", "")
    if not name or not str(length).isdecimal() or int(length) == 0:
        raise RefusedError("invalid_arguments")
    file = File(world.new_id("F"), name, int(length), arguments.get("alt_txt", ""))
    world.files[file.id] = file
    return {"upload_url": f"{url}/{file.id}", "file_id": file.id}


def take_bytes(world: World, file_id: str, content: bytes) -> bool:
    """Step 2: the bytes; False when they are not those that were announced."""
    file = world.files.get(file_id)
    if file is None or len(content) != file.length:
        return False
    file.content = content
    return True


def complete_upload(world: World, arguments: type_json) -> type_json:
    """Step 3: it is a file now, shared in a channel or in none."""
    files = [world.files.get(each.get("id", "")) for each in json.loads(arguments.get("files", "[]"))]
    done = [file for file in files if file is not None and file.content]
    if not files or len(done) != len(files):
        raise RefusedError("file_not_found")
    channel = arguments.get("channel_id", "")
    for file in done:
        file.is_complete = True
        file.completed_at = world.clock.now()
        if channel:
            place = writable(world, channel)
            file.shared_in.append(place.id)
            shown = [{"type": "image", "slack_file": {"id": file.id}, "alt_text": file.alt}]
            version = {"text": arguments.get("initial_comment", ""), "blocks": shown}
            world.messages.append(
                Message(world.new_ts(), place.id, [version], thread_ts=arguments.get("thread_ts", ""))
            )
    return {"files": [{"id": file.id, "title": file.name} for file in done]}


def file_info(world: World, arguments: type_json) -> type_json:
    """A file; without a type as long as Slack works on it."""
    file = world.files.get(arguments.get("file", ""))
    if file is None or not file.is_complete:
        raise RefusedError("file_not_found")
    is_ready = world.is_ready(file)
    file.asked += 1
    known = {"id": file.id, "name": file.name, "title": file.name, "size": file.length, "mode": "hosted"}
    if not is_ready:
        return {"file": {**known, "mimetype": "", "filetype": ""}}
    return {
        "file": {**known, "mimetype": "image/png", "filetype": "png", "thumb_360": "https://files.test/t"}
    }
