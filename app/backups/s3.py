"""A bucket of S3-compatible storage. The only module that imports boto3.

Who we are and where the storage is, boto3 finds in the environment as every tool for S3 does: AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL_S3; or in a role of the machine.
"""

import base64
import contextlib
import hashlib
import time
from collections.abc import Iterator
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from app.backups.pipes import CHUNK, STALE_SECONDS
from app.errors import FeelbackError

PART = 33_554_432  # all but the last of the same size, as some storages want it; 10,000 make 312 GiB
CONFIG = Config(
    retries={"max_attempts": 5, "mode": "standard"}, connect_timeout=10, read_timeout=60,
    request_checksum_calculation="when_required", response_checksum_validation="when_required",
)  # fmt: skip


class Bucket:
    """The files under one prefix of a bucket."""

    def __init__(self, bucket: str, prefix: str, part: int = PART) -> None:
        self._bucket, self._prefix, self._part = bucket, f"{prefix}/" if prefix else "", part
        with self._told("reach"):
            self._s3: Any = boto3.client("s3", config=CONFIG)

    def names(self) -> dict[str, float]:
        """What is there, with the time of its end in seconds since 1970."""
        with self._told("list"):
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
            found = [item for page in pages for item in page.get("Placements", [])]
        return {item["Key"].removeprefix(self._prefix): item["LastModified"].timestamp() for item in found}

    def read(self, name: str) -> Iterator[bytes]:
        """The chunks of one file."""
        with self._told("read"):
            body = self._s3.get_object(**self._at(name))["Body"]
            with contextlib.closing(body):
                yield from body.iter_chunks(CHUNK)

    def write(self, name: str, chunks: Iterator[bytes]) -> None:
        """Keeps `chunks` under `name`, part by part; the storage checks each by its MD5."""
        with self._told("write to"):
            at = {**self._at(name), "UploadId": self._s3.create_multipart_upload(**self._at(name))["UploadId"]}
            try:
                parts = []
                for number, part in enumerate(_parts(chunks, self._part), 1):
                    md5 = base64.b64encode(hashlib.md5(part, usedforsecurity=False).digest()).decode()
                    told = self._s3.upload_part(**at, PartNumber=number, Body=part, ContentMD5=md5)
                    parts.append({"PartNumber": number, "ETag": told["ETag"]})
                self._s3.complete_multipart_upload(**at, MultipartUpload={"Parts": parts})
            except BaseException:
                self._abort(at)
                raise

    def delete(self, name: str) -> None:
        """Removes one file."""
        with self._told("delete in"):
            self._s3.delete_object(**self._at(name))

    def tidy(self) -> None:
        """Gives up uploads that were begun more than a day ago: their parts are paid for and seen by nobody."""
        with self._told("list uploads in"):
            told = self._s3.list_multipart_uploads(Bucket=self._bucket, Prefix=self._prefix)
            for upload in told.get("Uploads", []):
                if upload["Initiated"].timestamp() < time.time() - STALE_SECONDS:
                    self._abort({"Bucket": self._bucket, "Key": upload["Key"], "UploadId": upload["UploadId"]})

    def _abort(self, at: dict[str, Any]) -> None:
        with contextlib.suppress(BotoCoreError, ClientError):  # `tidy` tries again
            self._s3.abort_multipart_upload(**at)

    def _at(self, name: str) -> dict[str, Any]:
        return {"Bucket": self._bucket, "Key": self._prefix + name}

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except (BotoCoreError, ClientError) as error:
            code = error.response["Error"].get("Code", "") if isinstance(error, ClientError) else ""
            if code in ("NoSuchKey", "404"):
                raise FeelbackError(404, f"There is no such backup in s3://{self._bucket}/{self._prefix}.") from error
            raise FeelbackError(
                500,
                f"Could not {what} s3://{self._bucket}/{self._prefix}: {code or error}",
                hint="Look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL_S3.",
            ) from error


def _parts(chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    # At least one: an upload of none cannot be completed.
    part, number = bytearray(), 0
    for chunk in chunks:
        part += chunk
        while len(part) >= size:
            yield bytes(part[:size])
            del part[:size]
            number += 1
    if part or not number:
        yield bytes(part)
