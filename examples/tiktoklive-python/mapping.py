"""Says in Uproar's own event format what TikTokLive's events mean. Needs nothing but Python.

TikTokLive renames fields between its versions, so each is looked for under every name it is known by: 7.x first, then 6.x.
"""


def to_uproar(event_name, event):
    """The Uproar event for one of TikTokLive's, given as its object or as a dict; None for one that the show has no use for."""
    build = BUILDERS.get(event_name)
    built = build(event) if build else None
    if built is None:
        return None
    message_id = as_id(find(event, "common.msg_id", "base_message.message_id", "base_message.msg_id"))
    created = as_int(find(event, "common.create_time", "base_message.create_time"))
    if message_id:
        built["id"] = message_id
    if created > 0:
        built["ts"] = created if created > 100_000_000_000 else created * 1000  # some versions give seconds
    return built


def find(source, *paths):
    """The first of these fields ("user.nickname") that is there and says something; None when none is."""
    for path in paths:
        value = source
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else attribute(value, name)
        if value is not None and value != "":
            return value
    return None


def attribute(value, name):
    """An object's attribute. One that the library works out, and fails at, is as if it were not there: the gift still counts."""
    try:
        return getattr(value, name, None)
    except Exception:
        return None


def as_int(value):
    """A whole number, at least 0."""
    try:
        return max(0, int(value))
    except (TypeError, ValueError):
        return 0


def as_id(value):
    """An id as text, for JSON numbers lose digits; "" for none, which TikTok writes as 0."""
    return "" if value is None or value == 0 or value == "0" else str(value)


def viewer_of(user):
    """Who did it; None when that is not told."""
    handle = str(find(user, "display_id", "unique_id", "username") or "")
    viewer_id = as_id(find(user, "id", "user_id")) or handle
    if not viewer_id:
        return None
    viewer = {
        "platform": "tiktok",
        "id": viewer_id,
        "handle": handle,
        "name": str(find(user, "nickname", "nick_name") or handle),
        "roles": {
            "moderator": bool(find(user, "is_moderator")),
            "subscriber": bool(find(user, "is_subscriber", "is_subscribe")),
            "follower": as_int(find(user, "follow_info.follow_status")) >= 1,
        },
        "levels": {"gifter": as_int(find(user, "gifter_level")), "team": as_int(find(user, "member_level"))},
    }
    pictures = find(user, "avatar_thumb.url_list", "profile_picture.urls", "profile_picture.url_list", "avatar_thumb.m_urls")
    if pictures:
        viewer["avatarUrl"] = str(pictures[0])
    return viewer


def by_viewer(event, **fields):
    """An event that somebody did; None when nobody knows who."""
    viewer = viewer_of(find(event, "user", "from_user", "user_info"))
    if viewer is None:
        return None
    identity = find(event, "user_identity")
    viewer["roles"]["moderator"] |= bool(find(identity, "is_moderator_of_anchor"))
    viewer["roles"]["subscriber"] |= bool(find(identity, "is_subscriber_of_anchor"))
    viewer["roles"]["follower"] |= bool(find(identity, "is_follower_of_anchor"))
    return {**fields, "viewer": viewer}


def maybe_viewer(user, **fields):
    """An event that somebody may have done."""
    viewer = viewer_of(user)
    return {**fields, "viewer": viewer} if viewer else fields


def comment(event):
    return by_viewer(event, type="chat", text=str(find(event, "content", "comment") or ""))


def gift(event):
    details = find(event, "gift", "gift_details", "m_gift")
    gift_id = as_id(find(event, "gift_id")) or as_id(find(details, "id"))
    if not gift_id:
        return None
    repeat_count = max(1, as_int(find(event, "repeat_count")))
    kind = {
        "id": gift_id,
        "name": str(find(details, "name", "gift_name") or ""),
        "unitValue": as_int(find(details, "diamond_count")),
        "currency": "diamond",
    }
    if as_int(find(details, "type", "gift_type")) != 1:
        return by_viewer(event, type="gift", gift=kind, count=repeat_count)
    # A step of a combo: Uproar counts from the running total, however often and in whatever order the steps come.
    return by_viewer(
        event,
        type="gift",
        gift=kind,
        streakKey=as_id(find(event, "group_id")),
        streakTotal=repeat_count,
        streakEnd=bool(find(event, "repeat_end")),
    )


def like(event):
    count = as_int(find(event, "count", "like_count"))
    return by_viewer(event, type="like", count=count, roomTotal=as_int(find(event, "total", "total_like_count")))


def join(event):
    # Action 3 is someone who subscribes; Uproar counts it once, however it is announced.
    return by_viewer(event, type="subscribe" if as_int(find(event, "action")) == 3 else "join")


def follow(event):
    return by_viewer(event, type="follow")


def share(event):
    return by_viewer(event, type="share")


def subscribe(event):
    # 0 is a subscription, 6 to 10 are given ones; the others only remind of it.
    if as_int(find(event, "message_type", "subscribe_message_type")) not in (0, 6, 7, 8, 9, 10):
        return None
    return by_viewer(event, type="subscribe", months=as_int(find(event, "sub_month")))


def viewers(event):
    count = as_int(find(event, "total", "viewer_count", "m_total"))
    return {"type": "viewers", "count": count, "total": as_int(find(event, "total_user"))}


def battle(event):
    phase = {1: "active", 2: "ended", 3: "ended"}.get(as_int(find(event, "battle_settings.status", "battle_setting.status")))
    phase = phase or {1: "preparing", 7: "starting", 4: "active", 5: "ended", 6: "ended"}.get(as_int(find(event, "action")))
    if phase is None:
        return None
    return {"type": "battle", "battleId": as_id(find(event, "battle_id")), "phase": phase, "scores": scores_of(event)}


def battle_scores(event):
    return {"type": "battleScores", "battleId": as_id(find(event, "battle_id")), "scores": scores_of(event)}


def scores_of(event):
    armies = find(event, "armies", "battle_armies") or []
    sides = armies.values() if isinstance(armies, dict) else armies
    return [as_int(find(side, "host_score", "hostscore", "user_armies.host_score", "points")) for side in sides]


def pin(event):
    chat = find(event, "chat_message")
    text = str(find(chat, "content", "comment") or "")
    return maybe_viewer(find(chat, "user", "user_info"), type="pin", text=text, pinned=as_int(find(event, "action")) != 2)


def caption(event):
    parts = find(event, "content", "caption_data") or []
    if not parts:
        return None
    return {
        "type": "caption",
        "text": str(find(parts[0], "content", "text") or ""),
        "final": bool(find(event, "definite")),
        "language": str(find(parts[0], "lang", "language") or ""),
    }


def envelope(event):
    info = find(event, "envelope_info")
    if as_int(find(event, "display")) == 2:  # it is taken away
        return None
    sender = {"id": find(info, "send_user_id"), "nickname": find(info, "send_user_name")}
    return maybe_viewer(
        sender,
        type="envelope",
        value=as_int(find(info, "diamond_count")),
        people=as_int(find(info, "people_count")),
    )


def emote(event):
    emotes = find(event, "emote_list") or []
    emote_id = as_id(find(emotes[0], "emote_id")) if emotes else ""
    if not emote_id:
        return None
    pictures = find(emotes[0], "image.url_list", "image.urls", "image.m_urls") or [""]
    return by_viewer(event, type="emote", emoteId=emote_id, url=str(pictures[0]))


def intro(event):
    return maybe_viewer(find(event, "host", "user"), type="intro", text=str(find(event, "content", "description") or ""))


def stream_start(event):
    return {"type": "streamStart", "roomId": as_id(find(event, "room_id"))}


def stream_end(event):
    return {"type": "streamEnd", "reason": str(as_int(find(event, "action")) or "disconnected")}


BUILDERS = {
    "CommentEvent": comment,
    "GiftEvent": gift,
    "LikeEvent": like,
    "JoinEvent": join,
    "FollowEvent": follow,
    "ShareEvent": share,
    "SubNotifyEvent": subscribe,
    "RoomUserSeqEvent": viewers,
    "LinkMicBattleEvent": battle,
    "LinkMicArmiesEvent": battle_scores,
    "RoomPinEvent": pin,
    "CaptionEvent": caption,
    "EnvelopeEvent": envelope,
    "EmoteChatEvent": emote,
    "LiveIntroEvent": intro,
    "ConnectEvent": stream_start,
    "LiveEndEvent": stream_end,
    "DisconnectEvent": stream_end,
}
"""What each of TikTokLive's events becomes, by the name of its class."""
