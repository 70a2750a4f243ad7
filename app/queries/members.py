"""Members of an account and invitations to it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class Member:
    """A person in an account; `row_count` is of the whole list."""

    person_id: UUID
    email: str
    role: str
    created_at: datetime
    is_actor: bool
    row_count: int


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An open invitation; `is_over` if its link has expired."""

    id: UUID
    email: str
    role: str
    invited_by: str | None
    created_at: datetime
    expires_at: datetime
    is_over: bool


async def members(tenant: TenantPool, search: str, limit: int, offset: int) -> list[Member]:
    """A page of the members, the owner first, whose address has `search` in it."""
    return await db.many(
        tenant, Member, "select * from fn.members($1, $2, $3, $4)", tenant.account_id, search, limit, offset
    )


async def member(tenant: TenantPool, person_id: UUID) -> Member:
    """One member.

    Raises:
        FeelbackError: 404 where there is no such member.
    """
    (member,) = await db.many(
        tenant, Member, 'select *, 1 as "row_count" from fn.member($1, $2)', tenant.account_id, person_id
    )
    return member


async def update_role(tenant: TenantPool, person_id: UUID, role: str) -> None:
    """Make a member an admin, editor or viewer.

    Raises:
        FeelbackError: 403 below admin and for the owner's role, 404 where there is no such member, 422.
    """
    await db.value(tenant, "select fn.update_role($1, $2, $3)", tenant.account_id, person_id, role)


async def delete_member(tenant: TenantPool, person_id: UUID) -> None:
    """Delete a member from the account.

    Raises:
        FeelbackError: 403 below admin and for the owner, 404 where there is no such member.
    """
    await db.value(tenant, "select fn.delete_member($1, $2)", tenant.account_id, person_id)


async def leave_account(tenant: TenantPool) -> None:
    """Leave the account.

    Raises:
        FeelbackError: 409 for the owner.
    """
    await db.value(tenant, "select fn.leave_account($1)", tenant.account_id)


async def transfer_account(tenant: TenantPool, person_id: UUID, session_hash: bytes | None) -> None:
    """Make another member the owner, and the owner an admin.

    Raises:
        FeelbackError: 403 for others than the owner and without a fresh confirmation,
            404 where there is no such member.
    """
    await db.value(tenant, "select fn.transfer_account($1, $2, $3)", tenant.account_id, person_id, session_hash)


async def invitations(tenant: TenantPool) -> list[InvitationRow]:
    """Open invitations, newest first.

    Raises:
        FeelbackError: 403 below admin.
    """
    return await db.many(tenant, InvitationRow, "select * from fn.invitations($1)", tenant.account_id)


async def invite_member(tenant: TenantPool, email: str, role: str, token_hash: bytes, url: str) -> None:
    """Mail an invitation.

    Raises:
        FeelbackError: 403 below admin, 409 for members and invited people,
            422 for a bad address or role.
    """
    await db.value(
        tenant, "select fn.invite_member($1, $2, $3, $4, $5)", tenant.account_id, email, role, token_hash, url
    )


async def resend_invitation(tenant: TenantPool, id: UUID, token_hash: bytes, url: str) -> None:
    """Mail an invitation again, with a new link.

    Raises:
        FeelbackError: 403 below admin, 404 where there is no such invitation.
    """
    await db.value(tenant, "select fn.resend_invitation($1, $2, $3, $4)", tenant.account_id, id, token_hash, url)


async def revoke_invitation(tenant: TenantPool, id: UUID) -> None:
    """Revoke an invitation.

    Raises:
        FeelbackError: 403 below admin, 404 where there is no such invitation.
    """
    await db.value(tenant, "select fn.revoke_invitation($1, $2)", tenant.account_id, id)
