"""A bucket of S3-compatible storage. The only module that imports boto3.

boto3 reads credentials and the endpoint from the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and
AWS_ENDPOINT_URL_S3; or it uses a role of the machine.
"""

import base64
import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from app.backups.pipes import CHUNK, STALE_SECONDS
from app.errors import FeelbackError

PART = 33_554_432  # bytes; some storages require parts of equal size; the limit of 10,000 parts gives 312 GiB
CONFIG = Config(
    retries={"max_attempts": 5, "mode": "standard"}, connect_timeout=10, read_timeout=60,
    request_checksum_calculation="when_required", response_checksum_validation="when_required",
)  # fmt: skip


class Bucket:
    """The files under one prefix of a bucket."""

    def __init__(self, bucket: str, prefix: str, part: int = PART) -> None:
        self._bucket, self._prefix, self._part = bucket, f"{prefix}/" if prefix else "", part
        with self._s3_errors("reach"):
            # boto3 itself reads only AWS_DEFAULT_REGION.
            region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or None
            self._s3: Any = boto3.client("s3", config=CONFIG, region_name=region)

    def names(self, prefix: str = "") -> dict[str, float]:
        """The names of files that begin with `prefix`, with the Unix time of their last change."""
        # Not those of folders in it: an archive of WAL has thousands.
        options = {"Bucket": self._bucket, "Prefix": self._prefix + prefix, "Delimiter": "/"}
        with self._s3_errors("list"):
            pages = self._s3.get_paginator("list_objects_v2").paginate(**options)
            items = [item for page in pages for item in page.get("Contents", [])]
        return {item["Key"].removeprefix(self._prefix): item["LastModified"].timestamp() for item in items}

    def read(self, name: str) -> Iterator[bytes]:
        """Yield the chunks of a file.

        Raises:
            FeelbackError: 404 if there is no such file.
        """
        with self._s3_errors("read"):
            body = self._s3.get_object(**self._at(name))["Body"]
            with contextlib.closing(body):
                yield from body.iter_chunks(CHUNK)

    def write(self, name: str, chunks: Iterator[bytes]) -> None:
        """Store `chunks` as `name`, in parts that the storage verifies by their MD5."""
        with self._s3_errors("write to"):
            at = {**self._at(name), "UploadId": self._s3.create_multipart_upload(**self._at(name))["UploadId"]}
            try:
                parts = []
                for number, part in enumerate(_parts(chunks, self._part), 1):
                    md5 = base64.b64encode(hashlib.md5(part, usedforsecurity=False).digest()).decode()
                    answer = self._s3.upload_part(**at, PartNumber=number, Body=part, ContentMD5=md5)
                    parts.append({"PartNumber": number, "ETag": answer["ETag"]})
                self._s3.complete_multipart_upload(**at, MultipartUpload={"Parts": parts})
            except BaseException:
                self._abort(at)
                raise

    def delete(self, name: str) -> None:
        with self._s3_errors("delete in"):
            self._s3.delete_object(**self._at(name))

    def tidy(self) -> None:
        """Abort uploads that started more than a day ago: their invisible parts are billed."""
        with self._s3_errors("list uploads in"):
            answer = self._s3.list_multipart_uploads(Bucket=self._bucket, Prefix=self._prefix)
            for upload in answer.get("Uploads", []):
                if upload["Initiated"].timestamp() < time.time() - STALE_SECONDS:
                    self._abort({"Bucket": self._bucket, "Key": upload["Key"], "UploadId": upload["UploadId"]})

    def free_bytes(self) -> int | None:
        """None: a bucket has no end."""
        return None

    def _abort(self, at: dict[str, Any]) -> None:
        with contextlib.suppress(BotoCoreError, ClientError):  # `tidy` tries again
            self._s3.abort_multipart_upload(**at)

    def _at(self, name: str) -> dict[str, Any]:
        return {"Bucket": self._bucket, "Key": self._prefix + name}

    @contextlib.contextmanager
    def _s3_errors(self, action: str) -> Iterator[None]:
        try:
            yield
        except (BotoCoreError, ClientError) as error:
            code = error.response["Error"].get("Code", "") if isinstance(error, ClientError) else ""
            if code in ("NoSuchKey", "404"):
                raise FeelbackError(404, f"There is no such backup in s3://{self._bucket}/{self._prefix}.") from error
            raise FeelbackError(
                500,
                f"Could not {action} s3://{self._bucket}/{self._prefix}: {code or error}",
                hint="Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL_S3.",
            ) from error


def _parts(chunks: Iterator[bytes], size: int) -> Iterator[bytes]:
    # At least one part: an upload without parts cannot be completed.
    part, number = bytearray(), 0
    for chunk in chunks:
        part += chunk
        while len(part) >= size:
            yield bytes(part[:size])
            del part[:size]
            number += 1
    if part or not number:
        yield bytes(part)
