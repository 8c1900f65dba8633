// Made by `npm run types` from the description of the API.

export interface paths {
    "/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an account: with what an invite link carries, or by oneself where registration is open. */
        post: operations["accounts_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what on the server, the newest first; for administrators. */
        get: operations["audit_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The calls that one made, and those by which one was called, the newest first. */
        get: operations["calls_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's contacts, and whom one has blocked. */
        get: operations["contacts_list"];
        put?: never;
        /** Add somebody to one's contacts, by username or id. Adding them again changes what is given. */
        post: operations["contacts_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/contacts/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take somebody out of one's contacts, with what one noted about them. Who is blocked stays blocked. */
        delete: operations["contacts_remove"];
        options?: never;
        head?: never;
        /** Change what one keeps of somebody. Anybody can be blocked, contact or not. */
        patch: operations["contacts_change"];
        trace?: never;
    };
    "/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's conversations with what is unread in each, or the public ones to choose from. */
        get: operations["conversations_list"];
        put?: never;
        /** Start a conversation. Two people have one direct conversation: where it is there already, it is the answer. */
        post: operations["conversations_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{conversation_id}/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own draft in a conversation; with an empty text when there is none. */
        get: operations["drafts_get"];
        /** Keep what one has begun to write, for one's other devices. An empty text deletes the draft. */
        put: operations["drafts_save"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{conversation_id}/messages/{message_id}/reactions/{emoji}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Put an emoji under a message. A repetition changes nothing. */
        put: operations["reactions_add"];
        post?: never;
        /** Take one's own emoji away from a message. A repetition changes nothing. */
        delete: operations["reactions_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{conversation_id}/pins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The pinned messages of a conversation, newest pin first. */
        get: operations["pins_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{conversation_id}/pins/{message_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Pin a message. A repetition changes nothing. */
        put: operations["pins_add"];
        post?: never;
        /** Take a pin away, whoever set it. A repetition changes nothing. */
        delete: operations["pins_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{conversation_id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far each member has read. Empty for a conversation of more than 50 members. */
        get: operations["read_list"];
        /** Mark as read up to a message. A mark only grows: an older one changes nothing. */
        put: operations["read_mark"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One conversation, with what it is for the caller. */
        get: operations["conversations_get"];
        put?: never;
        post?: never;
        /** Delete a conversation with everything in it, for everybody and for good. */
        delete: operations["conversations_delete"];
        options?: never;
        head?: never;
        /** Change title, topic, icon, visibility or history; archive a conversation, or bring it back. */
        patch: operations["conversations_change"];
        trace?: never;
    };
    "/conversations/{id}/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Join a public conversation. Joining again changes nothing. */
        post: operations["members_join"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leave a group. The last owner makes somebody else an owner first; a group that its last member leaves is archived. */
        post: operations["members_leave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change how one keeps a conversation, on all of one's devices: what one wants to be told of, and whether it stays at
         *     the top.
         */
        patch: operations["members_keep"];
        trace?: never;
    };
    "/conversations/{id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is in a conversation. */
        get: operations["members_list"];
        put?: never;
        /** Add people, all of them or none. Who is a member already stays as they are. */
        post: operations["members_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/members/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take somebody, or oneself, out of a conversation. */
        delete: operations["members_remove"];
        options?: never;
        head?: never;
        /** Change what somebody may do in a conversation. */
        patch: operations["members_change_role"];
        trace?: never;
    };
    "/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A part of a conversation or of a thread, oldest first. */
        get: operations["messages_list"];
        put?: never;
        /** Post a message. When the answer is there, it is on disk. The same `client_id` again answers the same message. */
        post: operations["messages_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/messages/{message_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One message. */
        get: operations["messages_get"];
        put?: never;
        post?: never;
        /** Delete a message: of what it said nothing is left. Admins of the conversation delete others' messages too. */
        delete: operations["messages_delete"];
        options?: never;
        head?: never;
        /** Change the text of one's own message. What it said before is kept for oneself and the conversation's admins. */
        patch: operations["messages_edit"];
        trace?: never;
    };
    "/conversations/{id}/messages/{message_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a message said before it was changed, oldest first. */
        get: operations["messages_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{id}/snapshot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A conversation as it is opened: members, pins, the newest messages. */
        get: operations["sync_conversation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/downloads/{ticket}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The file that a link leads to, as `GET /files/{id}/content` gives it. Nobody needs to be signed in. */
        get: operations["downloads_redeem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own drafts, the newest first; all of them, 200 at most. */
        get: operations["drafts_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/drive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How full one's drive is. */
        get: operations["folders_drive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What lies in a folder, another list, or what a search finds in one's own drive and in what is shared with one. */
        get: operations["files_list"];
        put?: never;
        /** Upload files with a form, up to 100 of them and 1 GiB each. When one is refused, those before it stay. For large ones, and where connections break, `/uploads` is the better way. */
        post: operations["uploads_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file or folder, and where it is. */
        get: operations["files_get"];
        put?: never;
        post?: never;
        /** Throw a file or folder into the trash of its drive, or delete for good what is there. */
        delete: operations["files_remove"];
        options?: never;
        head?: never;
        /** Rename a file or folder, move it, change how it looks, mark it with a star for oneself. */
        patch: operations["files_change"];
        trace?: never;
    };
    "/files/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a file holds. Parts of it (`Range`) and what one has already (`If-None-Match`) are known. A browser shows pictures, sounds, films and
         *     plain text, and saves the rest. Where the bytes lie in an object store, the answer leads there.
         */
        get: operations["downloads_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files/{id}/copy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Copy a file, or a folder with all that is in it; a name that is taken gets a number. */
        post: operations["files_copy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files/{id}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** With whom a file or folder is shared, by itself and through the folders above it. */
        get: operations["grants_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files/{id}/grants/{subject_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Share a file or folder with a person or all members of a conversation, or with another level than before. */
        put: operations["grants_set"];
        post?: never;
        /** End sharing with a person or a conversation. What is shared with oneself one may end too. */
        delete: operations["grants_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files/{id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a link that gives the file to whoever has it, for a while: for players and download managers, which sign in nowhere. It is good only
         *     as long as one may read the file. By a link that allows so many downloads, this is one.
         */
        post: operations["downloads_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a file or folder out of the trash: back to where it was, or to the top of the drive when that is gone. */
        post: operations["files_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files/{id}/shares": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The links to one file or folder that one may look after. */
        get: operations["shares_list_of"];
        put?: never;
        /** Make a link to a file or folder: to look at, to work on, or to drop files into. It may have a password, an end, and a number of downloads. */
        post: operations["shares_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files/{id}/thumbnail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A small picture of a picture, JPEG or WebP. */
        get: operations["downloads_thumbnail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The contents that a file has and had, the newest first. */
        get: operations["versions_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files/{id}/versions/{n}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove an earlier content for good. */
        delete: operations["versions_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files/{id}/versions/{n}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an earlier content the file's content again, as a new version. */
        post: operations["versions_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/folders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a folder. */
        post: operations["folders_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/invites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Invites that were not taken back, the newest first: all of them for administrators, for others those that they made and
         *     those into conversations that they look after.
         */
        get: operations["invites_list"];
        put?: never;
        /** Make an invite: into a conversation for its members, to an account alone for administrators. */
        post: operations["invites_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/invites/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Join the conversation that an invite leads into, with the account that one has. */
        post: operations["invites_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/invites/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What an invite leads to, for whoever holds its link. Nobody needs to be signed in. */
        post: operations["invites_preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/invites/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take an invite back. */
        delete: operations["invites_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own profile. */
        get: operations["me_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change one's own profile: what is left out stays, `null` takes away. */
        patch: operations["me_change"];
        trace?: never;
    };
    "/me/avatar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set one's picture: PNG, JPEG, GIF or WebP, at most 256 KiB and 2,048 pixels a side. */
        put: operations["me_set_avatar"];
        post?: never;
        /** Take one's picture away. */
        delete: operations["me_remove_avatar"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/dnd": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Until when one does not want to be disturbed. */
        get: operations["notifications_do_not_disturb"];
        /** Be left in peace until then, or not any more: notifications come, and are quiet. */
        put: operations["notifications_leave_in_peace"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change one's own password. All other devices are signed out. */
        put: operations["me_change_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How one has chosen to appear. */
        get: operations["presence_own"];
        /** Choose how to appear, on all devices: as present as they are, away, busy, or offline. */
        put: operations["presence_set"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/meetings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The meetings that one scheduled or is asked to come to, the next one first, cancelled ones too. */
        get: operations["meetings_list"];
        put?: never;
        /** Schedule a meeting: it has a room of its own, and all who are asked to come are told. The same `client_id` again answers what there is (200). */
        post: operations["meetings_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/meetings/free-times": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find times at which neither oneself nor any of these people has another meeting in Rony. Of people it is told when they are busy, and nothing of
         *     why.
         */
        post: operations["meetings_free_times"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/meetings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One meeting that one scheduled or is asked to come to. */
        get: operations["meetings_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change a meeting that one scheduled: what is left out stays. Another time takes the answers back; `people` is all who are asked from now on. */
        patch: operations["meetings_change"];
        trace?: never;
    };
    "/meetings/{id}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Say if one comes to a meeting that one is asked to. */
        put: operations["meetings_answer"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/meetings/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a meeting that one scheduled: all who are asked to come are told, its link leads nowhere any more, and whoever is in its room has to go. */
        post: operations["meetings_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/meetings/{id}/invite.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A meeting as a file for a calendar (iCalendar). Downloaded again it changes what the calendar has, and of a cancelled meeting takes it away. */
        get: operations["meetings_invite"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's notifications: the open ones first, each time the newest first. Unread messages that mention everybody are among them. */
        get: operations["notifications_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/clear": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Clear notifications on all devices: up to a moment, by id, of a conversation, or all. */
        post: operations["notifications_clear"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/password-resets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set a password with what a reset link carries. The person is signed out everywhere, and their tokens end. */
        post: operations["accounts_reset_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rooms that one made, and those of one's conversations, the newest first. */
        get: operations["rooms_list"];
        put?: never;
        /** Make a room. A conversation has one: where it is there already, it is the answer (200), as it is. */
        post: operations["rooms_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms/guests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Come to a room as a guest. Nobody needs to be signed in; whether one is let in is decided at the door, on the gateway. */
        post: operations["rooms_come"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms/ice": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The servers that a meeting would name now: to try the connection before one. */
        post: operations["rooms_ice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What there is behind a code. Nobody needs to be signed in. */
        post: operations["rooms_preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rooms/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One room that one made, or that belongs to one of one's conversations. */
        get: operations["rooms_get"];
        put?: never;
        post?: never;
        /** Delete a room that one made: its code leads nowhere any more, and a meeting in it ends. */
        delete: operations["rooms_delete"];
        options?: never;
        head?: never;
        /** Change a room that one made: what is left out stays, `null` takes the password away. It holds at once, in a meeting too. */
        patch: operations["rooms_change"];
        trace?: never;
    };
    "/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Messages that one may see, by their words and by what they have, newest first; and people by their names.
         * @description A new message can be found a moment after it was posted, a changed one at once.
         */
        get: operations["search_search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/server": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the server is and how it does: version, database, how much there is; for administrators. */
        get: operations["server_state"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The devices on which one is signed in, the newest first. */
        get: operations["sessions_list"];
        put?: never;
        /** Sign in with a username and a password. */
        post: operations["sessions_sign_in"];
        /** Sign out all devices but this one. */
        delete: operations["sessions_sign_out_others"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Sign out this device; a browser's cookie is taken away. */
        delete: operations["sessions_sign_out_current"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that this device is in use: its idle time begins anew. */
        post: operations["sessions_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Sign out one of one's devices. Its connections close within a second. */
        delete: operations["sessions_sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the administrator's account by the link that the first start prints, and sign in. */
        post: operations["accounts_set_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/shared": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open a link. Nobody needs to be signed in. */
        post: operations["shares_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/shares": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All links that one made, the newest first. */
        get: operations["shares_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/shares/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a link back. It holds at once, for those too who opened it already; uploads on their way by it end. */
        delete: operations["shares_revoke"];
        options?: never;
        head?: never;
        /**
         * Change what a link allows: what is left out stays, `null` takes away. It holds at once, for those too who opened it already. For who made it,
         *     and for the owner of what it opens.
         */
        patch: operations["shares_change"];
        trace?: never;
    };
    "/shares/{id}/openings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** When a link was opened, the latest first, where that is noted down. */
        get: operations["shares_openings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/snapshot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that is one's own: conversations, contacts, drafts, notifications. */
        get: operations["sync_personal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What happened in streams since the numbers that a client has, and which streams moved. */
        post: operations["sync_sync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's personal access tokens, the newest first. */
        get: operations["tokens_list"];
        put?: never;
        /** Make a token with which a program acts as oneself. A token cannot make others: sign in for it. */
        post: operations["tokens_make"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete one of one's tokens. Connections that it opened close within a second. */
        delete: operations["tokens_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/trash": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete everything in one's trash for good. */
        delete: operations["folders_empty_trash"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin an upload by tus 1.0, maybe with the first bytes of the file. `Upload-Metadata` may name `filename`, `parent_id`, `media_type`,
         *     `replace`, `if_exists` (fail, rename, replace), `sha256` (in hexadecimal digits), `modified_at`.
         */
        post: operations["uploads_create"];
        delete?: never;
        /** What of tus is known here: versions, extensions, the largest file. */
        options: operations["uploads_offer"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/uploads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far an upload is. With `HEAD`, a tus client asks where to go on. */
        get: operations["uploads_get"];
        put?: never;
        post?: never;
        /** Give an upload up, and what arrived of it. */
        delete: operations["uploads_discard"];
        options?: never;
        head?: never;
        /** Send the bytes from `Upload-Offset` on: all that are left, or some of them. What arrived is kept, however the connection ends. */
        patch: operations["uploads_append"];
        trace?: never;
    };
    "/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find people by the beginnings of their names, in the order of their names. */
        get: operations["users_find"];
        put?: never;
        /** Make an account for a person or a bot; for administrators. */
        post: operations["users_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Somebody, as everybody who is signed in may see them. */
        get: operations["users_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change somebody's role, switch their account off or on; for administrators. */
        patch: operations["users_administer"];
        trace?: never;
    };
    "/users/{id}/avatar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Somebody's picture. */
        get: operations["users_avatar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}/reset-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a one-time link for somebody who forgot their password; for administrators. Earlier links of theirs end. */
        post: operations["users_reset_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Somebody's tokens, the newest first; for administrators. */
        get: operations["tokens_list_of"];
        put?: never;
        /** Make a token for a bot; for administrators. */
        post: operations["tokens_make_for"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete one of somebody's tokens; for administrators. */
        delete: operations["tokens_delete_of"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Where an invite led. */
        AcceptedBody: {
            /** @description The conversation that one is in now. */
            conversation_id: components["schemas"]["ConversationId"];
        };
        /** @description A personal access token, as its owner sees it in their list. */
        AccessToken: {
            /** @description When it was made. */
            created_at: components["schemas"]["Timestamp"];
            expires_at?: components["schemas"]["Timestamp"] | null;
            /** @description Its id. */
            id: components["schemas"]["SessionId"];
            last_used_at?: components["schemas"]["Timestamp"] | null;
            /** @description What it is called. */
            name: string;
            /** @description What it may be used for. */
            scopes: components["schemas"]["Scope"][];
            /** @description Who acts with it. */
            user_id: components["schemas"]["UserId"];
        };
        /** @description Somebody's account. */
        AccountBody: {
            /** @description Whose it is. */
            user: components["schemas"]["User"];
        };
        /** @description What is to be different about an account; what is left out stays. */
        AccountChange: {
            /**
             * @description Whether the account is switched off. Switching it off signs them out everywhere and ends their tokens; nothing else
             *     is lost, and it can be switched on again.
             * @default null
             */
            deactivated: boolean | null;
            /** @default null */
            role: components["schemas"]["ServerRole"] | null;
        };
        /** @description Whom to add. */
        AddBody: {
            role?: components["schemas"]["Role"] | null;
            user_id?: components["schemas"]["UserId"] | null;
            /** @description At most 500; who is a member already stays as they are. */
            user_ids?: components["schemas"]["UserId"][];
        };
        /** @description Whom to add, and how: either `user_id` or `username`. */
        AddContact: {
            /**
             * @description They can neither write to the owner directly nor see how present the owner is.
             * @default null
             */
            blocked: boolean | null;
            /**
             * @description They stand at the top of the list.
             * @default null
             */
            favorite: boolean | null;
            /**
             * @description The groups they are in: at most 32, each of at most 64 characters.
             * @default null
             */
            groups: string[] | null;
            /**
             * @description What the owner calls them, at most 80 characters; empty: by their own name.
             * @default null
             */
            nickname: string | null;
            /**
             * @description What the owner wants to remember of them, at most 4,000 characters.
             * @default null
             */
            note: string | null;
            /** @default null */
            user_id: components["schemas"]["UserId"] | null;
            /**
             * @description Who, by the name under which they sign in; an `@` in front does no harm.
             * @default null
             */
            username: string | null;
        };
        /**
         * @description Whether somebody comes.
         * @enum {string}
         */
        Answer: "none" | "accepted" | "tentative" | "declined";
        /** @description The moment of a snapshot in its stream: fold events with higher numbers. */
        AsOf: {
            /** @description Its newest event that is in the snapshot. */
            seq: components["schemas"]["i64"];
            /** @description The stream. */
            stream: components["schemas"]["StreamId"];
        };
        /**
         * @description A file that a message shows, as it was when the message was posted. Whoever sees the message sees the file as it is now, as long as it
         *     is there.
         */
        Attachment: {
            /** @description Which file. */
            file_id: components["schemas"]["ItemId"];
            /**
             * Format: int64
             * @description Pixels from top to bottom.
             */
            height?: number | null;
            /** @description The media type of its content. */
            media_type: string;
            /** @description What it was called. */
            name: components["schemas"]["FileName"];
            /**
             * Format: int64
             * @description Bytes of its content.
             */
            size: number;
            /**
             * Format: int64
             * @description Pixels from left to right, of a picture.
             */
            width?: number | null;
        };
        /** @description Something that somebody did, or tried to do. */
        AuditEntry: {
            /** @description What: a stable name such as `user.created`. */
            action: string;
            actor_id?: components["schemas"]["UserId"] | null;
            /** @description Where the request came from; `null` when it came over no network. */
            address?: string | null;
            /** @description When, by the server's clock. */
            at: components["schemas"]["Timestamp"];
            /** @description More about it; which fields there are depends on the action. Never a secret. */
            detail: Record<string, never>;
            /** @description Its id; entries are listed in its order, newest first. */
            id: components["schemas"]["AuditId"];
            /**
             * Format: uuid
             * @description To whom or what: the id of a user, session, invitation …, as the action has it.
             */
            target_id?: string | null;
        };
        /**
         * Format: uuid
         * @description An entry of the audit log.
         */
        AuditId: string;
        /** @description Somebody has a meeting. Which, is nobody's business. */
        Busy: {
            /** @description From this moment. */
            from: components["schemas"]["Timestamp"];
            /** @description Up to this one. */
            to: components["schemas"]["Timestamp"];
            /** @description Who. */
            user_id: components["schemas"]["UserId"];
        };
        /** @description A call in the log of somebody who took part in it, or was called. */
        Call: {
            answered_at?: components["schemas"]["Timestamp"] | null;
            /** @description Who was called. */
            callees: components["schemas"]["CallPerson"][];
            /** @description Who called. */
            caller_id: components["schemas"]["UserId"];
            /** @description The conversation whose people were called. */
            conversation_id: components["schemas"]["ConversationId"];
            ended_at?: components["schemas"]["Timestamp"] | null;
            /** @description Which. */
            id: components["schemas"]["CallId"];
            outcome?: components["schemas"]["CallOutcome"] | null;
            /** @description When it began to ring. */
            started_at: components["schemas"]["Timestamp"];
            /** @description Whether it had pictures. */
            video: boolean;
        };
        /**
         * Format: uuid
         * @description A call. The caller's device chooses it, so that an invitation that is sent twice rings once.
         */
        CallId: string;
        /** @description What a message that tells of a missed call says about it. */
        CallNote: {
            /** @description Which call. */
            id: components["schemas"]["CallId"];
            /** @description Who missed it. */
            missed: components["schemas"]["UserId"][];
            /** @description Whether it was one with pictures. */
            video: boolean;
        };
        /**
         * @description What became of a call as a whole.
         * @enum {string}
         */
        CallOutcome: "answered" | "declined" | "missed" | "busy" | "cancelled";
        /** @description Somebody who was called. */
        CallPerson: {
            outcome?: components["schemas"]["Outcome"] | null;
            /** @description Who. */
            user_id: components["schemas"]["UserId"];
        };
        /** @description A wish for another password. */
        ChangePassword: {
            /** @description The password as it is to be, 8 to 128 characters. */
            new_password: components["schemas"]["Secret"];
            /** @description The password as it is. */
            old_password: components["schemas"]["Secret"];
        };
        /** @description The notifications that were cleared. */
        ClearedBody: {
            /** @description Those that were open until now. */
            ids: components["schemas"]["NotificationId"][];
        };
        /**
         * Format: uuid
         * @description The id that a client gives to something it creates, so that a retry is recognised; any UUID.
         */
        ClientId: string;
        /** @description A room's code. It comes in a body, not in an address, which would stand in logs. */
        CodeBody: {
            /** @description As people write it: in any case, with dashes, spaces or without. */
            code: string;
        };
        /** @description Somebody in a person's contacts, or whom the person has blocked, as only this person sees it. */
        Contact: {
            /** @description They can neither write to the owner directly nor see how present the owner is. */
            blocked: boolean;
            /** @description Since when. */
            created_at: components["schemas"]["Timestamp"];
            /** @description They stand at the top of the list. */
            favorite: boolean;
            /** @description The groups they are in, each once. */
            groups: string[];
            /** @description They are in the list; false for somebody who is only blocked. */
            listed: boolean;
            /** @description What the owner calls them; empty: by their own name. */
            nickname: string;
            /** @description What the owner wants to remember of them. */
            note: string;
            /** @description Who. */
            user_id: components["schemas"]["UserId"];
        };
        /** @description What changes; what is left out stays as it is. */
        ContactChanges: {
            /**
             * @description They can neither write to the owner directly nor see how present the owner is. This one can be set for people who
             *     are not in the list, too.
             * @default null
             */
            blocked: boolean | null;
            /**
             * @description They stand at the top of the list.
             * @default null
             */
            favorite: boolean | null;
            /**
             * @description All groups they are in from now on: at most 32, each of at most 64 characters.
             * @default null
             */
            groups: string[] | null;
            /**
             * @description What the owner calls them, at most 80 characters; empty: by their own name.
             * @default null
             */
            nickname: string | null;
            /**
             * @description What the owner wants to remember of them, at most 4,000 characters.
             * @default null
             */
            note: string | null;
        };
        /** @description A conversation as everybody who may find it sees it. Texts are empty when nothing was given. */
        Conversation: {
            archived_at?: components["schemas"]["Timestamp"] | null;
            /** @description When it was started. */
            created_at: components["schemas"]["Timestamp"];
            created_by?: components["schemas"]["UserId"] | null;
            /** @description It is the one that everybody is in: nobody can leave it, and it cannot be deleted. */
            general: boolean;
            /** @description What newcomers see of the past. */
            history: components["schemas"]["History"];
            /** @description An emoji, or a letter or two. */
            icon: string;
            /** @description Its id, which is that of its stream too. */
            id: components["schemas"]["ConversationId"];
            /** @description Direct or group. */
            kind: components["schemas"]["Kind"];
            /** @description Its name; empty for direct ones, and for groups that are called by their members' names. */
            title: string;
            /** @description What it is about. */
            topic: string;
            /** @description Who may find it. */
            visibility: components["schemas"]["Visibility"];
        };
        /** @description What somebody wants to be different about a conversation; what is left out stays. */
        ConversationChange: {
            /** @description Whether it is archived. */
            archived?: boolean | null;
            history?: components["schemas"]["History"] | null;
            /** @description An emoji, or a letter or two; empty for none. */
            icon?: string | null;
            /** @description Its name, at most 100 characters; empty for none. */
            title?: string | null;
            /** @description What it is about, at most 500 characters; empty for nothing. */
            topic?: string | null;
            visibility?: components["schemas"]["Visibility"] | null;
        };
        /**
         * Format: uuid
         * @description A direct or group conversation.
         */
        ConversationId: string;
        /** @description A conversation as it is opened. */
        ConversationSnapshot: {
            /** @description In the conversation's stream. */
            as_of: components["schemas"]["AsOf"];
            /** @description The conversation, and what it is for the one who asks. */
            conversation: components["schemas"]["ConversationView"];
            /** @description Its members, up to 200; of a larger one they are read page by page. */
            members: components["schemas"]["Member"][];
            /** @description The newest messages, at most 50. */
            messages: components["schemas"]["MessagePage"];
            /** @description Who wrote the messages. */
            people: components["schemas"]["UserSummary"][];
            /** @description What is pinned, the newest pin first. */
            pins: components["schemas"]["Pin"][];
        };
        /** @description A conversation with what it is for the one who asks. */
        ConversationView: components["schemas"]["Conversation"] & {
            /** @description One keeps it at the top. */
            favorite: boolean;
            /** @description The number of the newest event of its stream. */
            head: components["schemas"]["i64"];
            joined_at?: components["schemas"]["Timestamp"] | null;
            last_message?: components["schemas"]["Message"] | null;
            /** @description What one wants to be told of. */
            level: components["schemas"]["Level"];
            /**
             * Format: int64
             * @description How many members it has.
             */
            member_count: number;
            /**
             * Format: int64
             * @description How many of those mention one, by name or with everybody.
             */
            mentions: number;
            muted_until?: components["schemas"]["Timestamp"] | null;
            /**
             * Format: int64
             * @description The number of the newest message.
             */
            newest_ordinal: number;
            peer_id?: components["schemas"]["UserId"] | null;
            /**
             * Format: int64
             * @description The number of the last message that one has read.
             */
            read_ordinal: number;
            role?: components["schemas"]["Role"] | null;
            /**
             * Format: int64
             * @description How many messages one has not read.
             */
            unread: number;
        };
        /** @description Where a copy goes. */
        CopyItem: {
            /** @default null */
            name: components["schemas"]["FileName"] | null;
            /** @default null */
            parent_id: components["schemas"]["ItemId"] | null;
        };
        /** @description A folder above an item. */
        Crumb: {
            /** @description Its id. */
            id: components["schemas"]["ItemId"];
            /** @description What it is called. */
            name: components["schemas"]["FileName"];
        };
        /**
         * @description Where the next page begins. To everybody but the list that made it, it is a text to be sent back as it is.
         *
         *     ```
         *     use rony_core::page::Cursor;
         *
         *     let cursor = Cursor::encode("members", &("ann", 7));
         *     assert_eq!(cursor.decode::<(String, u64)>("members").unwrap(), ("ann".to_owned(), 7));
         *     assert!(cursor.decode::<(String, u64)>("files").is_err());
         *     ```
         */
        Cursor: string;
        /** @description Where everything is kept. */
        Database: {
            /**
             * Format: int64
             * @description How much room Rony's tables and their indexes take, in bytes.
             */
            bytes: number;
            /** @description Which kind: `sqlite`, `postgres`. */
            kind: string;
            /** @description Its own name and version, for people. */
            version: string;
        };
        /**
         * @description A day of the week.
         * @enum {string}
         */
        Day: "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";
        /**
         * @description A time of day in which a meeting may begin or end, to the minute: `09:00`; `24:00` is the end of the day.
         * @example 09:00
         */
        DayTime: string;
        /**
         * @description The name that others see: one line of 1 to 64 characters. Many people may have the same.
         * @example Ann Lee
         */
        DisplayName: string;
        /** @description Until when somebody does not want to be disturbed. */
        DoNotDisturb: {
            until?: components["schemas"]["Timestamp"] | null;
        };
        /** @description What somebody has begun to write. */
        Draft: {
            /** @description Where it would be posted. */
            conversation_id: components["schemas"]["ConversationId"];
            /** @description Markdown; empty when there is no draft. */
            text: string;
            thread_id?: components["schemas"]["MessageId"] | null;
            updated_at?: components["schemas"]["Timestamp"] | null;
        };
        /** @description What one has begun to write. */
        DraftBody: {
            /** @description Markdown, at most 16,384 bytes; empty to delete the draft. */
            text: string;
            thread_id?: components["schemas"]["MessageId"] | null;
        };
        /** @description How full a drive is. */
        Drive: {
            /**
             * Format: int64
             * @description The most bytes; `null`: no limit.
             */
            quota?: number | null;
            /**
             * Format: int64
             * @description Bytes that uploads on their way will need.
             */
            reserved: number;
            /**
             * Format: int64
             * @description Of `used`, what is in the trash.
             */
            trash: number;
            /**
             * Format: int64
             * @description Bytes of all versions of all files, those in the trash too.
             */
            used: number;
        };
        /** @description The new text of a message. */
        EditBody: {
            /** @description Markdown, 1 to 16,384 bytes. */
            text: string;
        };
        /** @description One field that was not acceptable, and what to do about it. */
        FieldError: {
            /** @description The field's name as the request has it (`display_name`, `members[3]`). */
            field: string;
            /** @description A sentence that says what to do. */
            message: string;
        };
        /** @description What there is in an installation, counted at one moment. */
        Figures: {
            /**
             * Format: int64
             * @description How many of the people are administrators.
             */
            administrators: number;
            /**
             * Format: int64
             * @description How many bots there are that are not switched off.
             */
            bots: number;
            /** @description Where everything is kept. */
            database: components["schemas"]["Database"];
            /**
             * Format: int64
             * @description How many accounts are switched off.
             */
            deactivated: number;
            /**
             * Format: int64
             * @description How many direct conversations there are.
             */
            directs: number;
            /**
             * Format: int64
             * @description How many groups there are, archived ones among them.
             */
            groups: number;
            /**
             * Format: int64
             * @description How many messages were posted in the conversations that there are, also those that were deleted since.
             */
            messages: number;
            /** @description The processes that serve this installation, the oldest first. */
            nodes: components["schemas"]["Node"][];
            /**
             * Format: int64
             * @description How many people and bots are connected, on any node.
             */
            online: number;
            /**
             * Format: int64
             * @description How many people have an account that is not switched off; bots are not among them.
             */
            people: number;
        };
        /**
         * @description What people call a type of file.
         * @enum {string}
         */
        FileKind: "folder" | "image" | "video" | "audio" | "document" | "archive" | "other";
        /**
         * @description What somebody may do with an item and all below; a later one may all that an earlier one may.
         * @enum {string}
         */
        FileLevel: "viewer" | "editor" | "manager" | "owner";
        /**
         * @description The name of a file or a folder: 1 to 255 bytes of UTF-8 in composed form (NFC), which every system can store and show.
         *
         *     Two names in one folder are the same when they differ in letter case or in the way of writing a character only: see
         *     [`FileName::fold`].
         *
         *     ```
         *     use rony_core::file::FileName;
         *
         *     let name: FileName = " Report.PDF ".parse().unwrap();
         *     assert_eq!(name.as_str(), "Report.PDF");
         *     assert_eq!(name.fold(), "report.pdf");
         *     assert_eq!(name.numbered(2).as_str(), "Report (2).PDF");
         *     assert!("a/b".parse::<FileName>().is_err());
         *     ```
         * @example Report.pdf
         */
        FileName: string;
        /** @description A wish for a time that suits all. */
        FindTime: {
            /** @description Not before this moment; never in the past. */
            from: components["schemas"]["Timestamp"];
            meeting_id?: components["schemas"]["MeetingId"] | null;
            /**
             * Format: int32
             * @description How long it is to last, in minutes: 1 to 1,440.
             */
            minutes: number;
            /** @description Who has to be free beside oneself, at most 50 people. */
            people: components["schemas"]["UserId"][];
            /** @description Over by this moment, at most 31 days later. */
            to: components["schemas"]["Timestamp"];
            working_hours?: components["schemas"]["WorkingHours"] | null;
            /** @description The zone whose days and clocks `working_hours` means. */
            zone: components["schemas"]["Zone"];
        };
        /** @description A form with files. The fields that say where to comes before the files. */
        FormBody: {
            /** @description One or more files, 100 at most. */
            file: string[];
            if_exists?: components["schemas"]["IfExists"] | null;
            parent_id?: components["schemas"]["ItemId"] | null;
        };
        /** @description When a meeting could be. */
        FreeTimes: {
            /** @description When whom something else keeps, each person's times joined. */
            busy: components["schemas"]["Busy"][];
            /** @description All times in which everybody is free for long enough, the first one first. The meeting may start anywhere in one as long as it ends in it. */
            free: components["schemas"]["Window"][];
        };
        /** @description What is shared with somebody. */
        Grant: {
            /** @description When. */
            created_at: components["schemas"]["Timestamp"];
            /** @description Where it was given: the item that was asked about, or a folder above it. */
            file_id: components["schemas"]["ItemId"];
            /** @description Who gave it. */
            granted_by: components["schemas"]["UserId"];
            /** @description What they may do. */
            level: components["schemas"]["FileLevel"];
            /** @description What they are called; empty for a conversation without a title, and for one that the reader is not in. */
            name: string;
            /** @description To whom. */
            subject: components["schemas"]["Subject"];
        };
        /** @description What somebody may do from now on. */
        GrantBody: {
            /** @description Whether it is a person or a conversation. */
            kind: components["schemas"]["SubjectKind"];
            /** @description viewer, editor or manager. */
            level: components["schemas"]["FileLevel"];
        };
        /** @description With whom something is shared. */
        GrantsBody: {
            /** @description By itself, and through the folders above it. */
            items: components["schemas"]["Grant"][];
        };
        /** @description Somebody without an account wants to come to a room. */
        GuestBody: {
            /** @description The room's code, as people write it. */
            code: string;
            /** @description What others read, at most 60 characters. */
            name: string;
        };
        /**
         * Format: uuid
         * @description Somebody without an account who came to a room by its link, so that one who was removed is recognised.
         */
        GuestId: string;
        /** @description What a guest needs. */
        GuestMadeBody: {
            /** @description When the token ends. */
            expires_at: components["schemas"]["Timestamp"];
            /** @description Who they are, as long as the token lasts. */
            guest_id: components["schemas"]["GuestId"];
            /** @description Where they may ask to come in. */
            room: components["schemas"]["RoomPreview"];
            /** @description To be sent in `auth` to the gateway, which then knows them as a guest of this room. It opens nothing else. */
            token: string;
        };
        /** @description Where a stream stands. */
        Head: {
            /** @description The number of its newest event; 0 when it has none. */
            head: components["schemas"]["i64"];
            /** @description The stream. */
            id: components["schemas"]["StreamId"];
        };
        /**
         * @description What somebody who joins sees of what was written before. A change holds for who joins after it.
         * @enum {string}
         */
        History: "all" | "since_join";
        /** @description What a device may try its connection by. */
        IceBody: {
            /** @description In the order in which to try them; none, where the operator has set none. */
            servers: components["schemas"]["IceServerBody"][];
            /**
             * Format: int64
             * @description How long the credentials are good, in seconds.
             */
            ttl_seconds?: number | null;
        };
        /** @description A server by which devices find a way to each other, as a browser's `RTCIceServer` wants it. */
        IceServerBody: {
            /** @description For a relay. */
            credential?: string | null;
            /** @description `stun:HOST:PORT`, or `turn:HOST:PORT?transport=udp`. */
            urls: string[];
            /** @description For a relay. */
            username?: string | null;
        };
        /**
         * @description What happens when there is something of that name already.
         * @enum {string}
         */
        IfExists: "fail" | "use" | "rename" | "replace";
        /** @description An invite, as those who look after it see it. */
        Invite: {
            conversation_id?: components["schemas"]["ConversationId"] | null;
            /** @description When it was made. */
            created_at: components["schemas"]["Timestamp"];
            created_by?: components["schemas"]["UserId"] | null;
            expires_at?: components["schemas"]["Timestamp"] | null;
            /** @description Its id. */
            id: components["schemas"]["InviteId"];
            /**
             * Format: int64
             * @description How many people came by it.
             */
            used: number;
            /**
             * Format: int64
             * @description How many more people it is good for; `null`: any number.
             */
            uses_left?: number | null;
        };
        /**
         * Format: uuid
         * @description An invitation link.
         */
        InviteId: string;
        /** @description An invite that was made. */
        InviteMadeBody: components["schemas"]["Invite"] & {
            /** @description To be handed on; it is shown only here. */
            link: string;
            /** @description What the link carries. */
            token: string;
        };
        /** @description What somebody who holds an invite may know before they use it. */
        InvitePreview: {
            conversation?: components["schemas"]["InvitedTo"] | null;
            expires_at?: components["schemas"]["Timestamp"] | null;
            invited_by?: components["schemas"]["DisplayName"] | null;
        };
        /** @description A conversation, for somebody who is not in it yet. */
        InvitedTo: {
            /** @description An emoji, or a letter or two; may be empty. */
            icon: string;
            /**
             * Format: int64
             * @description How many people are in it.
             */
            member_count: number;
            /** @description Its name; may be empty. */
            title: string;
        };
        /** @description Somebody who is asked to come. */
        Invitee: {
            /** @description What they said. */
            answer: components["schemas"]["Answer"];
            /** @description Who. */
            user_id: components["schemas"]["UserId"];
        };
        /** @description A file or a folder, as its reader sees it. */
        Item: {
            /** @description A colour's name; may be empty. */
            color: string;
            /** @description When it was made. */
            created_at: components["schemas"]["Timestamp"];
            created_by?: components["schemas"]["UserId"] | null;
            /**
             * Format: int64
             * @description Pixels from top to bottom.
             */
            height?: number | null;
            /** @description An emoji; may be empty. */
            icon: string;
            /** @description Its id. */
            id: components["schemas"]["ItemId"];
            /** @description What it is. */
            kind: components["schemas"]["ItemKind"];
            /** @description What the reader may do with it. */
            level: components["schemas"]["FileLevel"];
            /** @description The media type of the content (`image/png`); empty for folders. */
            media_type: string;
            /** @description When its content was last changed, as whoever put it in says. */
            modified_at: components["schemas"]["Timestamp"];
            modified_by?: components["schemas"]["UserId"] | null;
            /** @description What it is called. */
            name: components["schemas"]["FileName"];
            /** @description In whose drive it is. */
            owner_id: components["schemas"]["UserId"];
            parent_id?: components["schemas"]["ItemId"] | null;
            /** @description Whether there is a small picture of it. */
            preview: components["schemas"]["PreviewState"];
            /** @description SHA-256 of the content in hexadecimal digits; `null` for folders. */
            sha256?: string | null;
            /** @description It is shared by itself: with a person, a conversation, or by a link. */
            shared: boolean;
            /**
             * Format: int64
             * @description Bytes of the content; 0 for folders.
             */
            size: number;
            /** @description The reader marked it with a star. */
            starred: boolean;
            trashed_at?: components["schemas"]["Timestamp"] | null;
            /**
             * Format: int64
             * @description The number of the content, from 1; 0 for folders.
             */
            version: number;
            /**
             * Format: int64
             * @description Pixels from left to right, of pictures that were looked at.
             */
            width?: number | null;
        };
        /** @description What changes; what is left out stays as it is. */
        ItemChange: {
            /**
             * @description red, orange, yellow, green, teal, blue, purple, pink, gray; empty: none.
             * @default null
             */
            color: string | null;
            /**
             * @description An emoji; empty: none.
             * @default null
             */
            icon: string | null;
            /**
             * @description What happens when the name is taken: `fail` or `rename`.
             * @default fail
             */
            if_exists: components["schemas"]["IfExists"];
            /** @default null */
            name: components["schemas"]["FileName"] | null;
            /** @default null */
            parent_id: components["schemas"]["ItemId"] | null;
            /**
             * @description Whether it is marked with a star, for whoever asks only.
             * @default null
             */
            starred: boolean | null;
        };
        /**
         * Format: uuid
         * @description A file or a folder.
         */
        ItemId: string;
        /**
         * @description What an item is.
         * @enum {string}
         */
        ItemKind: "folder" | "file";
        /** @description An item and where it is. */
        ItemView: {
            /** @description The item. */
            item: components["schemas"]["Item"];
            /** @description The folders above it that the reader sees, the topmost first, itself not among them. */
            path: components["schemas"]["Crumb"][];
        };
        /**
         * @description What kind of conversation it is.
         * @enum {string}
         */
        Kind: "direct" | "group";
        /**
         * @description Who is told when somebody was last here.
         * @enum {string}
         */
        LastSeenPrivacy: "everybody" | "contacts" | "nobody";
        /**
         * @description What somebody wants to be told of in a conversation.
         * @enum {string}
         */
        Level: "all" | "mentions" | "nothing";
        /**
         * Format: int32
         * @description How many items a page has at most: 1 to 200, 50 unless asked otherwise.
         * @default 50
         */
        Limit: number;
        /** @description A wish for a link. */
        LinkBody: {
            /**
             * Format: int64
             * @description For how many minutes it is good: 1 to 1440, 10 when left out.
             * @default null
             */
            minutes: number | null;
            /**
             * Format: int64
             * @description The number of an earlier content; what the file holds now, when left out.
             * @default null
             */
            version: number | null;
        };
        /**
         * @description What a link lets its holder do with what it leads to.
         * @enum {string}
         */
        LinkLevel: "viewer" | "editor" | "drop";
        /** @description A link to one file. */
        LinkMadeBody: {
            /** @description Until then. */
            expires_at: components["schemas"]["Timestamp"];
            /** @description Whoever has it gets the file, without signing in. */
            url: string;
        };
        /**
         * @description Who waits before the door until somebody lets them in.
         * @enum {string}
         */
        Lobby: "off" | "guests" | "everyone";
        /**
         * @description What clocks and calendars show somewhere, to the minute: `2026-11-27T15:00`.
         * @example 2026-11-27T15:00
         */
        LocalTime: string;
        /** @description How far one has read. */
        MarkBody: {
            /**
             * Format: int64
             * @description The number of the last message that was read: its `ordinal`, or its `thread_ordinal` in a thread.
             */
            ordinal: number;
            thread_id?: components["schemas"]["MessageId"] | null;
        };
        /** @description A scheduled meeting, as those see it who are asked to come. */
        Meeting: {
            /** @description When the organizer last changed it. */
            changed_at: components["schemas"]["Timestamp"];
            code?: components["schemas"]["RoomCode"] | null;
            /** @description When it was made. */
            created_at: components["schemas"]["Timestamp"];
            /** @description What it is about; may be empty. */
            description: string;
            /** @description The moment when it ends. */
            ends_at: components["schemas"]["Timestamp"];
            /** @description Its id. */
            id: components["schemas"]["MeetingId"];
            /** @description Who else is asked to come. */
            invitees: components["schemas"]["Invitee"][];
            /**
             * Format: int32
             * @description How long it lasts, in minutes.
             */
            minutes: number;
            /** @description Whose it is. */
            organizer_id: components["schemas"]["UserId"];
            /** @description When people are reminded, in minutes before the start; 0: when it starts. */
            reminders: number[];
            /** @description The room where it is held. */
            room_id: components["schemas"]["RoomId"];
            /** @description When it starts, as clocks in `zone` show it. */
            start: components["schemas"]["LocalTime"];
            /** @description The moment when it starts, which follows from `start` and `zone`. */
            starts_at: components["schemas"]["Timestamp"];
            /** @description Whether it is going to be. */
            status: components["schemas"]["MeetingStatus"];
            /** @description What it is called. */
            title: string;
            /**
             * Format: int64
             * @description Counts what the organizer changed: to be sent back with the next change.
             */
            version: number;
            /** @description The time zone that was meant. */
            zone: components["schemas"]["Zone"];
        };
        /** @description A scheduled meeting, and the link to its room. */
        MeetingBody: components["schemas"]["Meeting"] & {
            /** @description Leads to the room, also who has no account; `null` when the meeting is cancelled. */
            url?: string | null;
        };
        /** @description What changes about a meeting; what is left out stays. */
        MeetingChange: {
            /** @description What it is about. */
            description?: string | null;
            /**
             * Format: int32
             * @description How long it lasts, in minutes.
             */
            minutes?: number | null;
            /** @description All who are asked to come: who is not among them is not asked any more. */
            people?: components["schemas"]["UserId"][] | null;
            /** @description When people are reminded, in minutes before the start. */
            reminders?: number[] | null;
            start?: components["schemas"]["LocalTime"] | null;
            /** @description What it is called. */
            title?: string | null;
            /**
             * Format: int64
             * @description The `version` of the meeting that is meant: what somebody changed meanwhile is not overwritten unseen.
             */
            version: number;
            zone?: components["schemas"]["Zone"] | null;
        };
        /**
         * Format: uuid
         * @description A scheduled meeting.
         */
        MeetingId: string;
        /**
         * @description Whether a meeting is going to be.
         * @enum {string}
         */
        MeetingStatus: "scheduled" | "cancelled";
        /** @description Somebody in a conversation, with the names to show them by. */
        Member: {
            /** @description The name that others see. */
            display_name: components["schemas"]["DisplayName"];
            /** @description When they joined. */
            joined_at: components["schemas"]["Timestamp"];
            /** @description What they may do in it. */
            role: components["schemas"]["Role"];
            /** @description Who. */
            user_id: components["schemas"]["UserId"];
            /** @description The name by which they are mentioned. */
            username: components["schemas"]["Username"];
        };
        /** @description How somebody keeps a conversation, on all of their devices. */
        MemberSettings: {
            /** @description They keep it at the top. */
            favorite: boolean;
            /** @description What they want to be told of. */
            level: components["schemas"]["Level"];
            muted_until?: components["schemas"]["Timestamp"] | null;
        };
        /** @description Whom a message mentions. */
        Mentioned: {
            /** @description Everybody in the conversation (`@all`, `@here`). */
            all?: boolean;
            /** @description The accounts that it names, at most 50; who is no member is named, but not told. */
            users?: components["schemas"]["UserId"][];
        };
        /**
         * @description A message as everybody who may read it sees it. Deleted, it is a tombstone: its text, mentions, attachments and
         *     reactions are gone.
         */
        Message: {
            /** @description The files that it shows. */
            attachments?: components["schemas"]["Attachment"][];
            call?: components["schemas"]["CallNote"] | null;
            /** @description The id that the sender's client gave it; a retry with the same one is the same message. */
            client_id: components["schemas"]["ClientId"];
            /** @description Where it was posted. */
            conversation_id: components["schemas"]["ConversationId"];
            /** @description When it was posted. */
            created_at: components["schemas"]["Timestamp"];
            deleted_at?: components["schemas"]["Timestamp"] | null;
            edited_at?: components["schemas"]["Timestamp"] | null;
            /** @description Its id. */
            id: components["schemas"]["MessageId"];
            /** @description Whom it mentions. */
            mentions?: components["schemas"]["Mentioned"];
            /**
             * Format: int64
             * @description Its number among the conversation's messages, from 1; 0 for a reply in a thread.
             */
            ordinal: number;
            /** @description Reactions, in the order in which each emoji was first used. */
            reactions?: components["schemas"]["Reaction"][];
            reply_to?: components["schemas"]["MessageId"] | null;
            /** @description Who posted it. */
            sender_id: components["schemas"]["UserId"];
            /** @description Its place in the conversation's stream. */
            seq: components["schemas"]["i64"];
            /** @description The Markdown source as it was written. */
            text: string;
            thread?: components["schemas"]["ThreadSummary"] | null;
            thread_id?: components["schemas"]["MessageId"] | null;
            /**
             * Format: int64
             * @description Its number among the replies of its thread, from 1; 0 outside threads.
             */
            thread_ordinal?: number;
            /** @description The seq of its last change; that of its posting when it was never changed. */
            version: components["schemas"]["i64"];
        };
        /**
         * Format: uuid
         * @description A message in a conversation.
         */
        MessageId: string;
        /** @description Some messages of a conversation, oldest first. */
        MessagePage: {
            /** @description The stream's head at the moment of the reading: fold later events into this page. */
            as_of: components["schemas"]["i64"];
            /** @description The messages. */
            items: components["schemas"]["Message"][];
            /** @description There are newer ones. */
            more_after: boolean;
            /** @description There are older ones that the reader may see. */
            more_before: boolean;
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description What an edited message said before. */
        MessageVersion: {
            /** @description When it was replaced. */
            replaced_at: components["schemas"]["Timestamp"];
            /** @description By whom. */
            replaced_by: components["schemas"]["UserId"];
            /** @description The text. */
            text: string;
            /** @description The `version` that the message had with this text. */
            version: components["schemas"]["i64"];
        };
        /** @description A conversation that somebody wants to start. */
        NewConversation: {
            /** @description Any UUID of the client's choice; asking again with it answers the conversation that is there. */
            client_id: components["schemas"]["ClientId"];
            /** @description What newcomers see of the past. */
            history?: components["schemas"]["History"];
            /** @description An emoji, or a letter or two; groups only. */
            icon?: string;
            /** @description Direct or group. */
            kind: components["schemas"]["Kind"];
            /** @description Who is in it from the start, besides the one who asks: exactly one person for a direct one (oneself for notes). */
            member_ids?: components["schemas"]["UserId"][];
            /** @description Its name, at most 100 characters; groups only. */
            title?: string;
            /** @description What it is about, at most 500 characters; groups only. */
            topic?: string;
            /** @description Who may find it; a direct one is always private. */
            visibility?: components["schemas"]["Visibility"];
        };
        /** @description A wish for a folder. */
        NewFolder: {
            /** @description red, orange, yellow, green, teal, blue, purple, pink, gray, or empty. */
            color?: string;
            /** @description An emoji; may be empty. */
            icon?: string;
            /** @description What happens when the name is taken: `fail`, `use` or `rename`. */
            if_exists?: components["schemas"]["IfExists"];
            /** @description What it is called. */
            name: components["schemas"]["FileName"];
            parent_id?: components["schemas"]["ItemId"] | null;
        };
        /** @description A wish for an invite. */
        NewInvite: {
            /** @default null */
            conversation_id: components["schemas"]["ConversationId"] | null;
            /** @default null */
            expires_at: components["schemas"]["Timestamp"] | null;
            /**
             * Format: int64
             * @description How many people it is good for, 1 to 10,000; any number, when left out.
             * @default null
             */
            uses: number | null;
        };
        /** @description A wish for a meeting. */
        NewMeeting: {
            /** @description So that a repeated wish makes no second meeting: any UUID. */
            client_id: components["schemas"]["ClientId"];
            conversation_id?: components["schemas"]["ConversationId"] | null;
            /** @description What it is about, at most 4,000 characters. */
            description?: string;
            /** @description Whether people without an account may ask to come in by the link; they may, when left out. */
            guests?: boolean;
            /**
             * Format: int32
             * @description How long it lasts, in minutes: 1 to 1,440.
             */
            minutes: number;
            /** @description Who is asked to come, at most 100 people. */
            people?: components["schemas"]["UserId"][];
            /**
             * @description When people are reminded, in minutes before the start: at most 5 times, at most four weeks before; 10 minutes before and at the start,
             *     when left out.
             */
            reminders?: number[];
            /** @description When it starts, as clocks in `zone` show it: to come, and at most two years away. */
            start: components["schemas"]["LocalTime"];
            /** @description What it is called, at most 100 characters. */
            title: string;
            /** @description The time zone that is meant. */
            zone: components["schemas"]["Zone"];
        };
        /** @description A password that is set by a reset link. */
        NewPassword: {
            /** @description The password, 8 to 128 characters. */
            password: components["schemas"]["Secret"];
            /** @description What the reset link carries. */
            token: components["schemas"]["Secret"];
        };
        /** @description A wish for a room. */
        NewRoom: {
            client_id?: components["schemas"]["ClientId"] | null;
            conversation_id?: components["schemas"]["ConversationId"] | null;
            /** @description Whether people without an account may ask to come in; they may, when left out. */
            guests?: boolean;
            /** @description Who must be let in; `guests`, when left out. */
            lobby?: components["schemas"]["Lobby"];
            /** @description Whether the door is shut for all but the owner. */
            locked?: boolean;
            password?: components["schemas"]["Secret"] | null;
            /** @description What it is called, at most 100 characters; may be empty. */
            title?: string;
        };
        /** @description A wish for a link. */
        NewShare: {
            expires_at?: components["schemas"]["Timestamp"] | null;
            /** @description What its holders may do: `viewer`, `editor`, or for folders `drop`. */
            level: components["schemas"]["LinkLevel"];
            /** @description Whether to note who opens it. */
            log_openings?: boolean;
            /**
             * Format: int64
             * @description How many downloads it is good for, 1 to 1,000,000; any number, when left out.
             */
            max_downloads?: number | null;
            /** @description What its makers call it; may be empty. */
            name?: string;
            password?: components["schemas"]["Secret"] | null;
        };
        /** @description A wish for a token. */
        NewToken: {
            expires_at?: components["schemas"]["Timestamp"] | null;
            /** @description What to call it, up to 64 characters. */
            name: string;
            /** @description What it may be used for; at least one. */
            scopes: components["schemas"]["Scope"][];
        };
        /** @description An account that an administrator wants to be made. */
        NewUser: {
            /** @description A program, not a person. */
            bot?: boolean;
            display_name?: components["schemas"]["DisplayName"] | null;
            password?: components["schemas"]["Secret"] | null;
            /** @description What they may do on the whole server; a member when left out. */
            role?: components["schemas"]["ServerRole"];
            /** @description The name by which they sign in; nobody else has it. */
            username: components["schemas"]["Username"];
        };
        /** @description A process that serves an installation. */
        Node: {
            /** @description Its id. */
            id: components["schemas"]["NodeId"];
            /** @description Since when it runs. */
            started_at: components["schemas"]["Timestamp"];
        };
        /**
         * Format: uuid
         * @description A running server process.
         */
        NodeId: string;
        /** @description Something that concerns a person. */
        Notification: {
            actor_id?: components["schemas"]["UserId"] | null;
            /** @description It mentions everybody, and them with the others. */
            all?: boolean;
            /** @description When; of the newest message, where several count as one. */
            at: components["schemas"]["Timestamp"];
            cleared_at?: components["schemas"]["Timestamp"] | null;
            conversation_id?: components["schemas"]["ConversationId"] | null;
            /**
             * Format: int64
             * @description How many messages it stands for.
             */
            count: number;
            /** @description Its id, which is the person's own: others may have one with the same. */
            id: components["schemas"]["NotificationId"];
            /** @description Why. */
            kind: components["schemas"]["NotificationKind"];
            meeting_id?: components["schemas"]["MeetingId"] | null;
            message_id?: components["schemas"]["MessageId"] | null;
            /**
             * Format: int64
             * @description The message's number in the conversation, or in the thread: whoever has read up to it has seen this. 0 without a
             *     message.
             */
            ordinal: number;
            /** @description It came while the person did not want to be disturbed: no sound, no banner. */
            quiet: boolean;
            /** @description The message's number in the conversation's stream, to jump to; 0 without a message. */
            seq: components["schemas"]["i64"];
            thread_id?: components["schemas"]["MessageId"] | null;
        };
        /**
         * Format: uuid
         * @description A notification in a person's list.
         */
        NotificationId: string;
        /**
         * @description Why somebody is notified.
         * @enum {string}
         */
        NotificationKind: "mention" | "direct" | "reply" | "invitation" | "meeting_invitation" | "meeting_change" | "meeting_cancellation" | "meeting_reminder" | "missed_call";
        /** @description What a link carries, and the password where it has one. They come in a body, never in an address, which would stand in logs. */
        OpenBody: {
            password?: components["schemas"]["Secret"] | null;
            /** @description The token: what stands behind `/s/`. */
            token: components["schemas"]["Secret"];
        };
        /** @description What is behind a link. */
        OpenedBody: {
            /** @description The pass ends then; the link may be opened again. */
            expires_at: components["schemas"]["Timestamp"];
            /** @description Where it leads. */
            item: components["schemas"]["Item"];
            /** @description To be sent as `Authorization: Bearer …` to the routes of files and uploads, which then show what the link leads to and nothing else. */
            pass: string;
            /** @description What its holder may know of the link. */
            share: components["schemas"]["SharedView"];
        };
        /** @description Somebody opened a link. */
        Opening: {
            /** @description The network from which, not the very address; empty when it is not known. */
            address: string;
            /** @description When. */
            at: components["schemas"]["Timestamp"];
            /** @description The program that it was done with; may be empty. */
            user_agent: string;
        };
        /**
         * @description In which order.
         * @enum {string}
         */
        Order: "name" | "-name" | "modified" | "-modified" | "size" | "-size" | "type" | "-type";
        /** @description How far one of the members has read. */
        OthersMark: {
            /**
             * Format: int64
             * @description The `ordinal` of the last message that they have read.
             */
            ordinal: number;
            /** @description Who. */
            user_id: components["schemas"]["UserId"];
        };
        /**
         * @description What became of an invitation.
         * @enum {string}
         */
        Outcome: "accepted" | "declined" | "missed" | "busy" | "cancelled";
        /** @description How somebody has chosen to appear, as they themselves see it. */
        OwnPresence: {
            /** @description As in the request. */
            status: components["schemas"]["Status"];
            /** @description What they are up to; empty when nothing is given. */
            text: string;
            text_until?: components["schemas"]["Timestamp"] | null;
            until?: components["schemas"]["Timestamp"] | null;
        };
        /** @description One page of a list. */
        Page_AccessToken: {
            /** @description The items, in the list's order. */
            items: {
                /** @description When it was made. */
                created_at: components["schemas"]["Timestamp"];
                expires_at?: components["schemas"]["Timestamp"] | null;
                /** @description Its id. */
                id: components["schemas"]["SessionId"];
                last_used_at?: components["schemas"]["Timestamp"] | null;
                /** @description What it is called. */
                name: string;
                /** @description What it may be used for. */
                scopes: components["schemas"]["Scope"][];
                /** @description Who acts with it. */
                user_id: components["schemas"]["UserId"];
            }[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_AuditEntry: {
            /** @description The items, in the list's order. */
            items: {
                /** @description What: a stable name such as `user.created`. */
                action: string;
                actor_id?: components["schemas"]["UserId"] | null;
                /** @description Where the request came from; `null` when it came over no network. */
                address?: string | null;
                /** @description When, by the server's clock. */
                at: components["schemas"]["Timestamp"];
                /** @description More about it; which fields there are depends on the action. Never a secret. */
                detail: Record<string, never>;
                /** @description Its id; entries are listed in its order, newest first. */
                id: components["schemas"]["AuditId"];
                /**
                 * Format: uuid
                 * @description To whom or what: the id of a user, session, invitation …, as the action has it.
                 */
                target_id?: string | null;
            }[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Call: {
            /** @description The items, in the list's order. */
            items: {
                answered_at?: components["schemas"]["Timestamp"] | null;
                /** @description Who was called. */
                callees: components["schemas"]["CallPerson"][];
                /** @description Who called. */
                caller_id: components["schemas"]["UserId"];
                /** @description The conversation whose people were called. */
                conversation_id: components["schemas"]["ConversationId"];
                ended_at?: components["schemas"]["Timestamp"] | null;
                /** @description Which. */
                id: components["schemas"]["CallId"];
                outcome?: components["schemas"]["CallOutcome"] | null;
                /** @description When it began to ring. */
                started_at: components["schemas"]["Timestamp"];
                /** @description Whether it had pictures. */
                video: boolean;
            }[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Contact: {
            /** @description The items, in the list's order. */
            items: {
                /** @description They can neither write to the owner directly nor see how present the owner is. */
                blocked: boolean;
                /** @description Since when. */
                created_at: components["schemas"]["Timestamp"];
                /** @description They stand at the top of the list. */
                favorite: boolean;
                /** @description The groups they are in, each once. */
                groups: string[];
                /** @description They are in the list; false for somebody who is only blocked. */
                listed: boolean;
                /** @description What the owner calls them; empty: by their own name. */
                nickname: string;
                /** @description What the owner wants to remember of them. */
                note: string;
                /** @description Who. */
                user_id: components["schemas"]["UserId"];
            }[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_ConversationView: {
            /** @description The items, in the list's order. */
            items: (components["schemas"]["Conversation"] & {
                /** @description One keeps it at the top. */
                favorite: boolean;
                /** @description The number of the newest event of its stream. */
                head: components["schemas"]["i64"];
                joined_at?: components["schemas"]["Timestamp"] | null;
                last_message?: components["schemas"]["Message"] | null;
                /** @description What one wants to be told of. */
                level: components["schemas"]["Level"];
                /**
                 * Format: int64
                 * @description How many members it has.
                 */
                member_count: number;
                /**
                 * Format: int64
                 * @description How many of those mention one, by name or with everybody.
                 */
                mentions: number;
                muted_until?: components["schemas"]["Timestamp"] | null;
                /**
                 * Format: int64
                 * @description The number of the newest message.
                 */
                newest_ordinal: number;
                peer_id?: components["schemas"]["UserId"] | null;
                /**
                 * Format: int64
                 * @description The number of the last message that one has read.
                 */
                read_ordinal: number;
                role?: components["schemas"]["Role"] | null;
                /**
                 * Format: int64
                 * @description How many messages one has not read.
                 */
                unread: number;
            })[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Draft: {
            /** @description The items, in the list's order. */
            items: {
                /** @description Where it would be posted. */
                conversation_id: components["schemas"]["ConversationId"];
                /** @description Markdown; empty when there is no draft. */
                text: string;
                thread_id?: components["schemas"]["MessageId"] | null;
                updated_at?: components["schemas"]["Timestamp"] | null;
            }[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Invite: {
            /** @description The items, in the list's order. */
            items: {
                conversation_id?: components["schemas"]["ConversationId"] | null;
                /** @description When it was made. */
                created_at: components["schemas"]["Timestamp"];
                created_by?: components["schemas"]["UserId"] | null;
                expires_at?: components["schemas"]["Timestamp"] | null;
                /** @description Its id. */
                id: components["schemas"]["InviteId"];
                /**
                 * Format: int64
                 * @description How many people came by it.
                 */
                used: number;
                /**
                 * Format: int64
                 * @description How many more people it is good for; `null`: any number.
                 */
                uses_left?: number | null;
            }[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Item: {
            /** @description The items, in the list's order. */
            items: {
                /** @description A colour's name; may be empty. */
                color: string;
                /** @description When it was made. */
                created_at: components["schemas"]["Timestamp"];
                created_by?: components["schemas"]["UserId"] | null;
                /**
                 * Format: int64
                 * @description Pixels from top to bottom.
                 */
                height?: number | null;
                /** @description An emoji; may be empty. */
                icon: string;
                /** @description Its id. */
                id: components["schemas"]["ItemId"];
                /** @description What it is. */
                kind: components["schemas"]["ItemKind"];
                /** @description What the reader may do with it. */
                level: components["schemas"]["FileLevel"];
                /** @description The media type of the content (`image/png`); empty for folders. */
                media_type: string;
                /** @description When its content was last changed, as whoever put it in says. */
                modified_at: components["schemas"]["Timestamp"];
                modified_by?: components["schemas"]["UserId"] | null;
                /** @description What it is called. */
                name: components["schemas"]["FileName"];
                /** @description In whose drive it is. */
                owner_id: components["schemas"]["UserId"];
                parent_id?: components["schemas"]["ItemId"] | null;
                /** @description Whether there is a small picture of it. */
                preview: components["schemas"]["PreviewState"];
                /** @description SHA-256 of the content in hexadecimal digits; `null` for folders. */
                sha256?: string | null;
                /** @description It is shared by itself: with a person, a conversation, or by a link. */
                shared: boolean;
                /**
                 * Format: int64
                 * @description Bytes of the content; 0 for folders.
                 */
                size: number;
                /** @description The reader marked it with a star. */
                starred: boolean;
                trashed_at?: components["schemas"]["Timestamp"] | null;
                /**
                 * Format: int64
                 * @description The number of the content, from 1; 0 for folders.
                 */
                version: number;
                /**
                 * Format: int64
                 * @description Pixels from left to right, of pictures that were looked at.
                 */
                width?: number | null;
            }[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_MeetingBody: {
            /** @description The items, in the list's order. */
            items: (components["schemas"]["Meeting"] & {
                /** @description Leads to the room, also who has no account; `null` when the meeting is cancelled. */
                url?: string | null;
            })[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Member: {
            /** @description The items, in the list's order. */
            items: {
                /** @description The name that others see. */
                display_name: components["schemas"]["DisplayName"];
                /** @description When they joined. */
                joined_at: components["schemas"]["Timestamp"];
                /** @description What they may do in it. */
                role: components["schemas"]["Role"];
                /** @description Who. */
                user_id: components["schemas"]["UserId"];
                /** @description The name by which they are mentioned. */
                username: components["schemas"]["Username"];
            }[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_MessageHit: {
            /** @description The items, in the list's order. */
            items: {
                /** @description The message as it is now. */
                message: components["schemas"]["Message"];
                /** @description The part of its text that matches. */
                snippet: components["schemas"]["SnippetPart"][];
            }[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_MessageVersion: {
            /** @description The items, in the list's order. */
            items: {
                /** @description When it was replaced. */
                replaced_at: components["schemas"]["Timestamp"];
                /** @description By whom. */
                replaced_by: components["schemas"]["UserId"];
                /** @description The text. */
                text: string;
                /** @description The `version` that the message had with this text. */
                version: components["schemas"]["i64"];
            }[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Notification: {
            /** @description The items, in the list's order. */
            items: {
                actor_id?: components["schemas"]["UserId"] | null;
                /** @description It mentions everybody, and them with the others. */
                all?: boolean;
                /** @description When; of the newest message, where several count as one. */
                at: components["schemas"]["Timestamp"];
                cleared_at?: components["schemas"]["Timestamp"] | null;
                conversation_id?: components["schemas"]["ConversationId"] | null;
                /**
                 * Format: int64
                 * @description How many messages it stands for.
                 */
                count: number;
                /** @description Its id, which is the person's own: others may have one with the same. */
                id: components["schemas"]["NotificationId"];
                /** @description Why. */
                kind: components["schemas"]["NotificationKind"];
                meeting_id?: components["schemas"]["MeetingId"] | null;
                message_id?: components["schemas"]["MessageId"] | null;
                /**
                 * Format: int64
                 * @description The message's number in the conversation, or in the thread: whoever has read up to it has seen this. 0 without a
                 *     message.
                 */
                ordinal: number;
                /** @description It came while the person did not want to be disturbed: no sound, no banner. */
                quiet: boolean;
                /** @description The message's number in the conversation's stream, to jump to; 0 without a message. */
                seq: components["schemas"]["i64"];
                thread_id?: components["schemas"]["MessageId"] | null;
            }[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Opening: {
            /** @description The items, in the list's order. */
            items: {
                /** @description The network from which, not the very address; empty when it is not known. */
                address: string;
                /** @description When. */
                at: components["schemas"]["Timestamp"];
                /** @description The program that it was done with; may be empty. */
                user_agent: string;
            }[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_OthersMark: {
            /** @description The items, in the list's order. */
            items: {
                /**
                 * Format: int64
                 * @description The `ordinal` of the last message that they have read.
                 */
                ordinal: number;
                /** @description Who. */
                user_id: components["schemas"]["UserId"];
            }[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_RoomBody: {
            /** @description The items, in the list's order. */
            items: (components["schemas"]["Room"] & {
                /** @description To be handed on: whoever has it may ask to come in. */
                url: string;
            })[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Session: {
            /** @description The items, in the list's order. */
            items: {
                /** @description The address that it was last used from. */
                address?: string | null;
                /** @description When the person signed in. */
                created_at: components["schemas"]["Timestamp"];
                /** @description Whether it is the one that asks. */
                current: boolean;
                /** @description What the person called it at the sign-in. */
                device_name?: string | null;
                /** @description When it ends however much it is used. */
                expires_at: components["schemas"]["Timestamp"];
                /** @description Its id. */
                id: components["schemas"]["SessionId"];
                /** @description When it ends if it is not used before. */
                idle_expires_at: components["schemas"]["Timestamp"];
                /** @description When it was last used, to within five minutes. */
                last_used_at: components["schemas"]["Timestamp"];
                /** @description What the program there says that it is. */
                user_agent?: string | null;
                /** @description Whose it is. */
                user_id: components["schemas"]["UserId"];
            }[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Share: {
            /** @description The items, in the list's order. */
            items: {
                /** @description When. */
                created_at: components["schemas"]["Timestamp"];
                /** @description Who made it. */
                created_by: components["schemas"]["UserId"];
                /**
                 * Format: int64
                 * @description How many there were.
                 */
                downloads: number;
                expires_at?: components["schemas"]["Timestamp"] | null;
                /** @description The file or folder that it opens. */
                file_id: components["schemas"]["ItemId"];
                /** @description It wants a password. */
                has_password: boolean;
                /** @description Its id. */
                id: components["schemas"]["ShareId"];
                last_opened_at?: components["schemas"]["Timestamp"] | null;
                /** @description What its holders may do. */
                level: components["schemas"]["LinkLevel"];
                /** @description Who opens it is noted. */
                log_openings: boolean;
                /**
                 * Format: int64
                 * @description How many downloads it is good for; `null`: any number.
                 */
                max_downloads?: number | null;
                /** @description What its makers call it; may be empty. */
                name: string;
                /**
                 * Format: int64
                 * @description How often it was opened.
                 */
                opened: number;
            }[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_User: {
            /** @description The items, in the list's order. */
            items: {
                /** @description What they say about themselves; several lines. */
                about: string;
                /**
                 * Format: int64
                 * @description The version of their picture, for the address of it; `null` when they have none.
                 */
                avatar?: number | null;
                /** @description A program, not a person. */
                bot: boolean;
                /** @description When the account was made. */
                created_at: components["schemas"]["Timestamp"];
                deactivated_at?: components["schemas"]["Timestamp"] | null;
                /** @description The name that others see. */
                display_name: components["schemas"]["DisplayName"];
                /** @description An e-mail address. Nothing is sent there. */
                email: string;
                /** @description Their id. */
                id: components["schemas"]["UserId"];
                /** @description A telephone number, as they wrote it. */
                phone: string;
                /** @description What they may do on the whole server. */
                role: components["schemas"]["ServerRole"];
                /** @description What they are up to. */
                status_text: string;
                status_until?: components["schemas"]["Timestamp"] | null;
                /** @description Where their day is: a name of the IANA time zone database, such as `Europe/Prague`. */
                time_zone: string;
                /** @description What they are: a position, a team. */
                title: string;
                /** @description The name by which they sign in and are mentioned. */
                username: components["schemas"]["Username"];
            }[];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description All that is one's own. */
        PersonalSnapshot: {
            /** @description In one's own stream. */
            as_of: components["schemas"]["AsOf"];
            /** @description One's contacts, and those one has blocked. */
            contacts: components["schemas"]["Contact"][];
            /** @description The conversations that one is in, those with the newest messages first; each `head` is its stream's moment. */
            conversations: components["schemas"]["ConversationView"][];
            /** @description The directory's newest event that is in it. */
            directory_as_of: components["schemas"]["AsOf"];
            /** @description Until when one does not want to be disturbed. */
            do_not_disturb: components["schemas"]["DoNotDisturb"];
            /** @description What one was about to write. */
            drafts: components["schemas"]["Draft"][];
            /** @description Oneself. */
            me: components["schemas"]["Profile"];
            /**
             * @description One's open notifications, the newest first, at most 500. Unread messages that mention everybody are not among them:
             *     they follow from the conversations.
             */
            notifications: components["schemas"]["Notification"][];
            /** @description One's contacts, and the other ends of one's direct conversations. */
            people: components["schemas"]["UserSummary"][];
            /** @description How one has chosen to appear. */
            presence: components["schemas"]["OwnPresence"];
            /** @description For `resume`. */
            since: components["schemas"]["Since"];
        };
        /** @description A pinned message. */
        Pin: {
            /** @description The message as it is now. */
            message: components["schemas"]["Message"];
            /** @description When. */
            pinned_at: components["schemas"]["Timestamp"];
            /** @description Who pinned it. */
            pinned_by: components["schemas"]["UserId"];
        };
        /** @description The pins of a conversation that the reader may see, newest first. */
        PinList: {
            /** @description The stream's head at the moment of the reading: fold later events into this list. */
            as_of: components["schemas"]["i64"];
            /** @description The pins, all of them: at most [`MOST_PINS`]. */
            items: components["schemas"]["Pin"][];
            next?: components["schemas"]["Cursor"] | null;
        };
        /** @description What a client asks to be posted. */
        Post: {
            /** @description Files to show, at most 10, each of which the sender may share. */
            attachments?: components["schemas"]["ItemId"][];
            /** @description Any UUID of the client's choice; posting it again answers the first message. */
            client_id: components["schemas"]["ClientId"];
            reply_to?: components["schemas"]["MessageId"] | null;
            /** @description Markdown, 1 to 16,384 bytes; with attachments it may be empty. */
            text: string;
            thread_id?: components["schemas"]["MessageId"] | null;
        };
        /**
         * @description How large a preview is.
         * @enum {string}
         */
        PreviewSize: "small" | "large";
        /**
         * @description Whether there is a small picture of a file's content.
         * @enum {string}
         */
        PreviewState: "none" | "waiting" | "ready";
        /** @description The body of every answer that is not a success (RFC 9457). */
        Problem: {
            /** @description The kind of problem for programs: stable, snake_case. */
            code: string;
            /** @description What happened this time and what to do about it. */
            detail: string;
            /** @description The fields that are wrong, where fields are what is wrong. */
            errors?: components["schemas"]["FieldError"][];
            /**
             * Format: int32
             * @description The HTTP status of the answer.
             */
            status: number;
            /** @description The kind of problem in a few words. */
            title: string;
            /** @description A name of this kind of problem as a URN, `urn:rony:problem:<code>`. */
            type: string;
        };
        /** @description Somebody as they see themselves. */
        Profile: components["schemas"]["User"] & {
            /** @description Who is told when they were last here. */
            last_seen_privacy: components["schemas"]["LastSeenPrivacy"];
        };
        /**
         * @description What somebody wants to be different about their profile; what is left out stays, and `null` or an empty text takes
         *     away.
         */
        ProfileChange: {
            /**
             * @description What they say about themselves; at most 2,000 characters on any number of lines.
             * @default null
             */
            about: string | null;
            /** @default null */
            display_name: components["schemas"]["DisplayName"] | null;
            /**
             * @description An e-mail address.
             * @default null
             */
            email: string | null;
            /** @default null */
            last_seen_privacy: components["schemas"]["LastSeenPrivacy"] | null;
            /**
             * @description A telephone number; at most 40 characters on one line.
             * @default null
             */
            phone: string | null;
            /**
             * @description What they are up to; at most 100 characters on one line. A new text without `status_until` has no end.
             * @default null
             */
            status_text: string | null;
            /** @default null */
            status_until: components["schemas"]["Timestamp"] | null;
            /**
             * @description A name of the IANA time zone database, such as `Europe/Prague`.
             * @default null
             */
            time_zone: string | null;
            /**
             * @description What they are: a position, a team; at most 100 characters on one line.
             * @default null
             */
            title: string | null;
        };
        /** @description All who reacted to a message with the same emoji. */
        Reaction: {
            /** @description The emoji, as its sender's client wrote it. */
            emoji: string;
            /** @description Who, in the order in which they did. */
            user_ids: components["schemas"]["UserId"][];
        };
        /** @description How far a person has read. */
        ReadMark: {
            /** @description Where. */
            conversation_id: components["schemas"]["ConversationId"];
            /**
             * Format: int64
             * @description The number of the last message read: its `ordinal`, or its `thread_ordinal` in a thread.
             */
            ordinal: number;
            thread_id?: components["schemas"]["MessageId"] | null;
        };
        /** @description The session as it is now. */
        RefreshedBody: {
            /** @description With when it ends. */
            session: components["schemas"]["Session"];
        };
        /** @description Somebody wants an account. */
        Register: {
            display_name?: components["schemas"]["DisplayName"] | null;
            invite?: components["schemas"]["Secret"] | null;
            /** @description The password, 8 to 128 characters. */
            password: components["schemas"]["Secret"];
            /** @description The name by which they sign in; nobody else has it. */
            username: components["schemas"]["Username"];
        };
        /**
         * @description Who may make an account.
         * @enum {string}
         */
        Registration: "closed" | "open";
        /** @description A link by which somebody can set their password. */
        ResetLinkBody: {
            /** @description When it ends. */
            expires_at: components["schemas"]["Timestamp"];
            /** @description To be handed to the person; it is shown only here, and works once. */
            link: string;
        };
        /**
         * @description What a member may do in a conversation; a later one may all that an earlier one may.
         * @enum {string}
         */
        Role: "guest" | "member" | "admin" | "owner";
        /** @description The role that somebody is to have. */
        RoleBody: {
            /** @description Not more than one's own. */
            role: components["schemas"]["Role"];
        };
        /** @description A room, as those see it who may look it up. */
        Room: {
            /** @description Who looks after it with its owner, in every meeting: whom a host made that. */
            co_hosts: components["schemas"]["UserId"][];
            /** @description What opens the way to it. */
            code: components["schemas"]["RoomCode"];
            conversation_id?: components["schemas"]["ConversationId"] | null;
            /** @description When it was made. */
            created_at: components["schemas"]["Timestamp"];
            /** @description People without an account may ask to come in. */
            guests: boolean;
            /** @description It wants a password. */
            has_password: boolean;
            /** @description Its id. */
            id: components["schemas"]["RoomId"];
            /** @description Who must be let in. */
            lobby: components["schemas"]["Lobby"];
            /** @description The door is shut for all but the owner, unless the host opens it in a meeting. */
            locked: boolean;
            /** @description Whose it is: the host, whenever they are there. */
            owner_id: components["schemas"]["UserId"];
            /** @description It was made with a scheduled meeting, and goes with it. */
            scheduled: boolean;
            /** @description What it is called; may be empty. */
            title: string;
        };
        /** @description A room, and the link to it. */
        RoomBody: components["schemas"]["Room"] & {
            /** @description To be handed on: whoever has it may ask to come in. */
            url: string;
        };
        /** @description What changes about a room; what is left out stays. */
        RoomChange: {
            /** @description Whether people without an account may ask to come in. */
            guests?: boolean | null;
            lobby?: components["schemas"]["Lobby"] | null;
            /** @description Whether the door is shut for all but the owner. */
            locked?: boolean | null;
            password?: components["schemas"]["Secret"] | null;
            /** @description What it is called. */
            title?: string | null;
        };
        /**
         * @description A code such as `abc-defg-hjk`.
         *
         *     Its letters come from the operating system's randomness: 20¹⁰ codes (2⁴³). With the limit on guesses that the server
         *     keeps, and a lobby behind the door, none is found by trying.
         *
         *     ```
         *     use rony_core::room::RoomCode;
         *
         *     let code: RoomCode = "abc-defg-hjk".parse().unwrap();
         *     assert_eq!(" ABCD efghjk ".parse::<RoomCode>().unwrap(), code);
         *     assert_eq!(code.to_string(), "abc-defg-hjk");
         *     ```
         * @example abc-defg-hjk
         */
        RoomCode: string;
        /**
         * Format: uuid
         * @description A room for meetings.
         */
        RoomId: string;
        /** @description What whoever has a room's code may know before they come in. */
        RoomPreview: {
            /** @description The code, as it is written. */
            code: components["schemas"]["RoomCode"];
            /** @description People without an account may ask to come in. */
            guests: boolean;
            /** @description It wants a password. */
            has_password: boolean;
            /** @description The name of whose it is. */
            host: components["schemas"]["DisplayName"];
            /** @description Who must be let in. */
            lobby: components["schemas"]["Lobby"];
            /** @description What the room is called; may be empty. */
            title: string;
        };
        /**
         * @description What a personal access token may be used for. A signed-in person has all of them.
         * @enum {string}
         */
        Scope: "read" | "write" | "manage" | "profile" | "admin";
        /**
         * @description Which conversations to list.
         * @enum {string}
         */
        ScopeParam: "mine" | "public";
        /** @description What was found. */
        SearchAnswer: {
            /** @description Messages, newest first. */
            messages: components["schemas"]["Page_MessageHit"];
            /**
             * @description People, in the order of their names: the first ten. Only where nothing but words is looked for, and beside the
             *     first messages. `next` is always `null`: `GET /users?query=` lists all.
             */
            people: components["schemas"]["Page_User"];
        };
        /**
         * Format: password
         * @description Text that never shows itself, such as a password in a request.
         *
         *     It is read from a request and never written to one. The errors of its `Deserialize` do not repeat the value either.
         *
         *     ```
         *     use rony_core::secret::Secret;
         *
         *     let password: Secret = serde_json::from_str(r#""correct horse""#).unwrap();
         *     assert_eq!(format!("{password:?}"), "Secret(…)");
         *     assert_eq!(password.reveal(), "correct horse");
         *     ```
         */
        Secret: string;
        /** @description What an installation is and how it does, with the address that leads to it. */
        ServerBody: components["schemas"]["ServerState"] & {
            /** @description The address that people type, and that links begin with. */
            public_url: string;
        };
        /**
         * @description What an account may do on the whole server.
         * @enum {string}
         */
        ServerRole: "member" | "administrator";
        /** @description What an installation is and how it does. */
        ServerState: components["schemas"]["Figures"] & {
            /** @description When this was so, by the server's clock. */
            at: components["schemas"]["Timestamp"];
            /** @description Who may make an account. */
            registration: components["schemas"]["Registration"];
            /** @description Since when the node that answers runs. */
            started_at: components["schemas"]["Timestamp"];
            /** @description The version of Rony. */
            version: string;
        };
        /** @description A device on which somebody is signed in, as they see it in their list. */
        Session: {
            /** @description The address that it was last used from. */
            address?: string | null;
            /** @description When the person signed in. */
            created_at: components["schemas"]["Timestamp"];
            /** @description Whether it is the one that asks. */
            current: boolean;
            /** @description What the person called it at the sign-in. */
            device_name?: string | null;
            /** @description When it ends however much it is used. */
            expires_at: components["schemas"]["Timestamp"];
            /** @description Its id. */
            id: components["schemas"]["SessionId"];
            /** @description When it ends if it is not used before. */
            idle_expires_at: components["schemas"]["Timestamp"];
            /** @description When it was last used, to within five minutes. */
            last_used_at: components["schemas"]["Timestamp"];
            /** @description What the program there says that it is. */
            user_agent?: string | null;
            /** @description Whose it is. */
            user_id: components["schemas"]["UserId"];
        };
        /**
         * Format: uuid
         * @description A signed-in device, or a personal access token.
         */
        SessionId: string;
        /** @description What somebody says about coming. */
        SetAnswer: {
            /** @description What they say. */
            answer: components["schemas"]["Answer"];
        };
        /** @description Which notifications are to be cleared: one of these, or none for all. */
        SetClear: {
            /** @default null */
            conversation_id: components["schemas"]["ConversationId"] | null;
            /**
             * @description These; at most 500.
             * @default null
             */
            ids: components["schemas"]["NotificationId"][] | null;
            /** @default null */
            up_to: components["schemas"]["Timestamp"] | null;
        };
        /** @description How somebody wants to appear. */
        SetPresence: {
            /**
             * @description `online`: as present as the devices are; `away` or `busy`: so, as long as a device is connected; `offline`: always
             *     offline.
             */
            status: components["schemas"]["Status"];
            /** @description What they are up to, at most 100 characters on one line; empty takes it away, left out leaves it. */
            text?: string | null;
            until?: components["schemas"]["Timestamp"] | null;
        };
        /** @description The first administrator, who is then signed in. */
        SetUpBody: {
            /** @description For a page in a browser: the session's token comes as a cookie, as at `POST /sessions`. */
            cookie?: boolean;
            /** @description What to call this device in the list of devices, up to 64 characters. */
            device_name?: string | null;
            display_name?: components["schemas"]["DisplayName"] | null;
            /** @description The password, 8 to 128 characters. */
            password: components["schemas"]["Secret"];
            /** @description What the setup link carries, which the server prints when it starts. */
            token: components["schemas"]["Secret"];
            /** @description The name by which they sign in. */
            username: components["schemas"]["Username"];
        };
        /** @description What is to be different about how one keeps a conversation; what is left out stays. */
        SettingsChange: {
            /** @description Keep it at the top. */
            favorite?: boolean | null;
            level?: components["schemas"]["Level"] | null;
            muted_until?: components["schemas"]["Timestamp"] | null;
        };
        /** @description A link, as those who look after it see it. */
        Share: {
            /** @description When. */
            created_at: components["schemas"]["Timestamp"];
            /** @description Who made it. */
            created_by: components["schemas"]["UserId"];
            /**
             * Format: int64
             * @description How many there were.
             */
            downloads: number;
            expires_at?: components["schemas"]["Timestamp"] | null;
            /** @description The file or folder that it opens. */
            file_id: components["schemas"]["ItemId"];
            /** @description It wants a password. */
            has_password: boolean;
            /** @description Its id. */
            id: components["schemas"]["ShareId"];
            last_opened_at?: components["schemas"]["Timestamp"] | null;
            /** @description What its holders may do. */
            level: components["schemas"]["LinkLevel"];
            /** @description Who opens it is noted. */
            log_openings: boolean;
            /**
             * Format: int64
             * @description How many downloads it is good for; `null`: any number.
             */
            max_downloads?: number | null;
            /** @description What its makers call it; may be empty. */
            name: string;
            /**
             * Format: int64
             * @description How often it was opened.
             */
            opened: number;
        };
        /** @description What changes about a link; what is left out stays. */
        ShareChange: {
            expires_at?: components["schemas"]["Timestamp"] | null;
            level?: components["schemas"]["LinkLevel"] | null;
            /** @description Whether to note who opens it. */
            log_openings?: boolean | null;
            /**
             * Format: int64
             * @description How many downloads it is good for, those that there were included; `null`: any number.
             */
            max_downloads?: number | null;
            /** @description What its makers call it. */
            name?: string | null;
            password?: components["schemas"]["Secret"] | null;
        };
        /**
         * Format: uuid
         * @description A link that shares a file or a folder.
         */
        ShareId: string;
        /** @description A link that was made. */
        ShareMadeBody: {
            /** @description What is kept of it. */
            share: components["schemas"]["Share"];
            /** @description To be handed on; it is shown only here. */
            url: string;
        };
        /** @description A link, for who holds it. */
        SharedView: {
            /**
             * Format: int64
             * @description How many more downloads it is good for; `null`: any number.
             */
            downloads_left?: number | null;
            expires_at?: components["schemas"]["Timestamp"] | null;
            /** @description What may be done. */
            level: components["schemas"]["LinkLevel"];
            /** @description What its makers call it; may be empty. */
            name: string;
            /** @description The name of who shares. */
            shared_by: components["schemas"]["DisplayName"];
        };
        /** @description A try to sign in. */
        SignInBody: {
            /** @description For a page in a browser: the token comes as a cookie, out of the reach of scripts, instead of in the answer. */
            cookie?: boolean;
            /** @description What to call this device in the list of devices, up to 64 characters. */
            device_name?: string | null;
            /** @description The password. */
            password: components["schemas"]["Secret"];
            /** @description The username, in any spelling. */
            username: string;
        };
        /** @description Somebody is signed in. */
        SignedInBody: {
            /** @description The session that it opens. */
            session: components["schemas"]["Session"];
            /** @description What to send as `Authorization: Bearer …` from now on; it is shown only here. `null` when it was given as a cookie. */
            token?: string | null;
            /** @description Who it is. */
            user: components["schemas"]["User"];
        };
        /**
         * @description A moment on the database's own clock, which never goes back: "what moved after this" can be asked of it.
         *
         *     Opaque to clients. It counts transactions, not seconds, so no clock that is set back can hide a change.
         */
        Since: string;
        /** @description A piece of a snippet. The pieces together are the snippet's text; in pieces, since programs count characters differently. */
        SnippetPart: {
            /** @description It is what was looked for. */
            hit: boolean;
            /** @description Its text. */
            text: string;
        };
        /**
         * @description How present somebody is, as others see it.
         * @enum {string}
         */
        Status: "online" | "away" | "busy" | "offline";
        /**
         * Format: uuid
         * @description Names a stream. A conversation's stream has the conversation's id, a person's own stream has the person's.
         */
        StreamId: string;
        /** @description With whom something is shared. */
        Subject: {
            /** @description A person. */
            id: components["schemas"]["UserId"];
            /** @enum {string} */
            kind: "person";
        } | {
            /** @description All members that a conversation has at the time. */
            id: components["schemas"]["ConversationId"];
            /** @enum {string} */
            kind: "conversation";
        };
        /**
         * @description What kind of somebody a grant is to.
         * @enum {string}
         */
        SubjectKind: "person" | "conversation";
        /** @description What happened. */
        SyncAnswer: {
            /** @description Those of `moved` that the request did not name: new to a client that named all it knows. */
            joined: components["schemas"]["StreamId"][];
            /** @description Streams that were asked for and that the caller does not read (any more). */
            left: components["schemas"]["StreamId"][];
            /** @description The streams that may have moved since the request's `since`, with their heads. */
            moved: components["schemas"]["Head"][];
            next?: components["schemas"]["StreamId"] | null;
            /** @description The `since` for the next time, once all pages of `moved` are read; of the first page, where there are several. */
            since: components["schemas"]["Since"];
            /** @description One for each stream that was asked for and that the caller still reads. */
            streams: components["schemas"]["SyncStream"][];
        };
        /** @description What a client knows, and wants to know. */
        SyncRequest: {
            /**
             * Format: int32
             * @description Events for each stream at most, 1 to 1,000.
             */
            limit?: number | null;
            next?: components["schemas"]["StreamId"] | null;
            since?: components["schemas"]["Since"] | null;
            /** @description For each stream the last number that the client has; at most 500 of them. */
            streams?: {
                [key: string]: number;
            };
        };
        /** @description What happened in one stream. */
        SyncStream: {
            /** @description The events that came after the client's number, without a hole. */
            events: Record<string, never>[];
            /** @description Its newest number. */
            head: components["schemas"]["i64"];
            /** @description Which. */
            id: components["schemas"]["StreamId"];
            /** @description There are more: ask again from the last of these. */
            more: boolean;
            /** @description The client is too far behind (or ahead, after the server was restored from a backup): load the snapshot. */
            reset?: boolean;
        };
        /** @description The replies under a message. */
        ThreadSummary: {
            /** @description When it came. */
            last_reply_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description The number of the newest reply; also how many there are.
             */
            newest_ordinal: number;
        };
        /**
         * Format: date-time
         * @description A moment, exact to the millisecond; RFC 3339 in UTC with three decimals on the wire (`2026-11-22T17:45:00.120Z`).
         * @example 2026-11-22T17:45:00.120Z
         */
        Timestamp: string;
        /** @description What an invite link carries. It comes in a body, never in an address, which would stand in logs. */
        TokenBody: {
            /** @description The token. */
            token: components["schemas"]["Secret"];
        };
        /** @description A token that was made. */
        TokenMadeBody: components["schemas"]["AccessToken"] & {
            /** @description What to send as `Authorization: Bearer …`; it is shown only here. */
            token: string;
        };
        /** @description An upload on its way, or one that became a file not long ago. */
        Upload: {
            /** @description When it ends, if nothing is added until then. */
            expires_at: components["schemas"]["Timestamp"];
            /** @description Its id. */
            id: components["schemas"]["UploadId"];
            item_id?: components["schemas"]["ItemId"] | null;
            /**
             * Format: int64
             * @description How many there will be.
             */
            length: number;
            /** @description Its media type. */
            media_type: string;
            /** @description What the file will be called. */
            name: components["schemas"]["FileName"];
            /**
             * Format: int64
             * @description How many bytes are there for good.
             */
            offset: number;
            /** @description Whose drive it goes into. */
            owner_id: components["schemas"]["UserId"];
        };
        /**
         * Format: uuid
         * @description An upload on its way.
         */
        UploadId: string;
        /** @description The files that were made. */
        UploadedBody: {
            /** @description In the order in which they came. */
            items: components["schemas"]["Item"][];
        };
        /** @description A person or bot, as everybody who is signed in may see them. Texts are empty when nothing was given. */
        User: {
            /** @description What they say about themselves; several lines. */
            about: string;
            /**
             * Format: int64
             * @description The version of their picture, for the address of it; `null` when they have none.
             */
            avatar?: number | null;
            /** @description A program, not a person. */
            bot: boolean;
            /** @description When the account was made. */
            created_at: components["schemas"]["Timestamp"];
            deactivated_at?: components["schemas"]["Timestamp"] | null;
            /** @description The name that others see. */
            display_name: components["schemas"]["DisplayName"];
            /** @description An e-mail address. Nothing is sent there. */
            email: string;
            /** @description Their id. */
            id: components["schemas"]["UserId"];
            /** @description A telephone number, as they wrote it. */
            phone: string;
            /** @description What they may do on the whole server. */
            role: components["schemas"]["ServerRole"];
            /** @description What they are up to. */
            status_text: string;
            status_until?: components["schemas"]["Timestamp"] | null;
            /** @description Where their day is: a name of the IANA time zone database, such as `Europe/Prague`. */
            time_zone: string;
            /** @description What they are: a position, a team. */
            title: string;
            /** @description The name by which they sign in and are mentioned. */
            username: components["schemas"]["Username"];
        };
        /**
         * Format: uuid
         * @description A person's (or bot's) account.
         */
        UserId: string;
        /** @description What a client needs of somebody to show them wherever their name stands; the fields are those of [`User`]. */
        UserSummary: {
            /**
             * Format: int64
             * @description The version of their picture; `null` when they have none.
             */
            avatar?: number | null;
            /** @description A program, not a person. */
            bot: boolean;
            deactivated_at?: components["schemas"]["Timestamp"] | null;
            /** @description The name that others see. */
            display_name: components["schemas"]["DisplayName"];
            /** @description Their id. */
            id: components["schemas"]["UserId"];
            /** @description What they may do on the whole server. */
            role: components["schemas"]["ServerRole"];
            /** @description What they are up to. */
            status_text: string;
            status_until?: components["schemas"]["Timestamp"] | null;
            /** @description What they are: a position, a team. */
            title: string;
            /** @description The name by which they sign in and are mentioned. */
            username: components["schemas"]["Username"];
        };
        /**
         * @description The name by which a person is found and mentioned.
         *
         *     2 to 32 characters (Unicode scalar values, in composed form): letters and digits of any one writing system, with
         *     `.`, `_` and `-` between them.
         *
         *     Which characters are letters for this purpose, and which writing systems may be mixed (Japanese ones with each
         *     other and with Latin, but not Latin with Cyrillic), is [UTS #39](https://www.unicode.org/reports/tr39/)'s "general
         *     security profile" and its "highly restrictive" level. A capital I after a small letter is refused, because it reads
         *     as an l; at the start of a name it is taken for what it is.
         *
         *     ```
         *     use rony_core::username::Username;
         *
         *     let name: Username = "José".parse().unwrap();
         *     assert_eq!(name.as_str(), "José");
         *     assert_eq!(name.key(), "jose\u{301}".parse::<Username>().unwrap().key());
         *     assert!("@ann".parse::<Username>().is_err());
         *     ```
         * @example ann
         */
        Username: string;
        /** @description A content that a file has or had. */
        Version: {
            /** @description When it was put in. */
            created_at: components["schemas"]["Timestamp"];
            created_by?: components["schemas"]["UserId"] | null;
            /** @description It is what the file holds now. */
            current: boolean;
            /** @description Its media type. */
            media_type: string;
            /** @description SHA-256 in hexadecimal digits. */
            sha256: string;
            /**
             * Format: int64
             * @description Its bytes.
             */
            size: number;
            /**
             * Format: int64
             * @description Its number, from 1.
             */
            version: number;
        };
        /** @description The contents of a file. */
        VersionsBody: {
            /** @description The newest first. */
            items: components["schemas"]["Version"][];
        };
        /**
         * @description A list that is not the content of a folder.
         * @enum {string}
         */
        View: "recent" | "starred" | "shared" | "trash";
        /**
         * @description Who may find it.
         * @enum {string}
         */
        Visibility: "private" | "public";
        /** @description A time in which all are free. */
        Window: {
            /** @description From this moment. */
            from: components["schemas"]["Timestamp"];
            /** @description Up to this one. */
            to: components["schemas"]["Timestamp"];
        };
        /** @description When people meet: from one time of day up to a later one, on some days. */
        WorkingHours: {
            /** @description On these days; Monday to Friday, when left out. */
            days?: components["schemas"]["Day"][];
            /** @description Not before this. */
            from: components["schemas"]["DayTime"];
            /** @description Over by then; later than `from`. */
            to: components["schemas"]["DayTime"];
        };
        /**
         * @description A time zone of the database of IANA, by its name: `Europe/Prague`.
         * @example Europe/Prague
         */
        Zone: string;
        /** Format: int64 */
        i64: number;
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    accounts_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Register"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountBody"];
                };
            };
            /** @description `registration_closed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `username_taken`, `invite_unknown`, `invite_revoked`, `invite_expired`, `invite_used_up` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_list: {
        parameters: {
            query?: {
                /** @description Only what this person did. */
                actor_id?: components["schemas"]["UserId"];
                /** @description Only this action, such as `user.created`. */
                action?: string;
                /** @description Only what was done to this. */
                target_id?: string;
                /** @description Only what happened at this moment or after it. */
                since?: components["schemas"]["Timestamp"];
                /** @description Only what happened before this moment. */
                until?: components["schemas"]["Timestamp"];
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditEntry"];
                };
            };
            /** @description `administrators_only` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    calls_list: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Call"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contacts_list: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Contact"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contacts_add: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddContact"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contact"];
                };
            };
            /** @description `too_many_contacts` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contacts_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    contacts_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactChanges"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Contact"];
                };
            };
            /** @description `too_many_contacts` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conversations_list: {
        parameters: {
            query?: {
                /** @description `mine` (when left out) or `public`. */
                scope?: components["schemas"]["ScopeParam"];
                /** @description With `scope=public`: only those whose title or topic contains this, letter case aside. */
                query?: string;
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ConversationView"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conversations_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewConversation"];
            };
        };
        responses: {
            /** @description The direct conversation that was there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            /** @description It was started, now or before with this `client_id` */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            /** @description `blocked` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drafts_get: {
        parameters: {
            query?: {
                /** @description The one for the thread under this message. */
                thread_id?: components["schemas"]["MessageId"];
            };
            header?: never;
            path: {
                conversation_id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description `not_a_member` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drafts_save: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DraftBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description `not_a_member` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_drafts` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reactions_add: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: components["schemas"]["ConversationId"];
                message_id: components["schemas"]["MessageId"];
                /** @description An emoji or a short name, percent-encoded; at most 64 bytes */
                emoji: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description `not_a_member`, `blocked` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `archived`, `message_deleted`, `too_many_reactions` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reactions_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: components["schemas"]["ConversationId"];
                message_id: components["schemas"]["MessageId"];
                /** @description The emoji, percent-encoded */
                emoji: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description `not_a_member` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `archived` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pins_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PinList"];
                };
            };
            /** @description `not_a_member` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pins_add: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: components["schemas"]["ConversationId"];
                message_id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is pinned */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_a_member`, `role_too_low` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `archived`, `message_deleted`, `too_many_pins` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pins_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: components["schemas"]["ConversationId"];
                message_id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is not pinned */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_a_member`, `role_too_low` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `archived` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_OthersMark"];
                };
            };
            /** @description `not_a_member` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_mark: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                conversation_id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MarkBody"];
            };
        };
        responses: {
            /** @description Where the mark stands now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadMark"];
                };
            };
            /** @description `not_a_member` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conversations_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conversations_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_a_member`, `role_too_low`, `direct_conversation`, `general` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conversations_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConversationChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
            /** @description `not_a_member`, `role_too_low`, `direct_conversation`, `general` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    members_join: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `archived` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    members_leave: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_a_member`, `direct_conversation`, `general` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_owner` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    members_keep: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettingsChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberSettings"];
                };
            };
            /** @description `not_a_member` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    members_list: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Member"];
                };
            };
            /** @description `not_a_member` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    members_add: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddBody"];
            };
        };
        responses: {
            /** @description All who were named */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Member"];
                };
            };
            /** @description `not_a_member`, `role_too_low`, `above_own_role`, `blocked`, `direct_conversation` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `archived` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    members_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
                user_id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_a_member`, `role_too_low`, `direct_conversation`, `general` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_owner` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    members_change_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
                user_id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description `not_a_member`, `role_too_low`, `above_own_role`, `direct_conversation` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_owner` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_list: {
        parameters: {
            query?: {
                /** @description Those before the message with this `seq`. */
                before?: components["schemas"]["i64"];
                /** @description Those after the message with this `seq`. */
                after?: components["schemas"]["i64"];
                /** @description Those around the message with this `seq`, half of them older. */
                around?: components["schemas"]["i64"];
                /** @description The replies in the thread under this message, instead of the conversation. */
                thread_id?: components["schemas"]["MessageId"];
                /** @description How many at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePage"];
                };
            };
            /** @description `not_a_member` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Post"];
            };
        };
        responses: {
            /** @description It was posted, now or before with this `client_id` */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description `not_a_member`, `blocked` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `archived` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not known whether it was posted: post it again with the same `client_id` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
                message_id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description `not_a_member` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
                message_id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_a_member`, `role_too_low`, `direct_conversation` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `archived` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_edit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
                message_id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description `not_a_member`, `not_yours`, `blocked` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `message_deleted`, `archived` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    messages_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
                message_id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_MessageVersion"];
                };
            };
            /** @description `not_a_member`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sync_conversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ConversationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationSnapshot"];
                };
            };
            /** @description `not_a_member` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    downloads_redeem: {
        parameters: {
            query?: {
                /** @description A browser shall save it, even if it could show it. */
                download?: boolean;
            };
            header?: never;
            path: {
                /** @description What the link carries */
                ticket: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description The part that was asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description It is at the address in `Location` */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is still the one with this ETag */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drafts_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Draft"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    folders_drive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Drive"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    files_list: {
        parameters: {
            query?: {
                /** @description The folder whose content is listed; the top of one's own drive, when left out. */
                parent?: components["schemas"]["ItemId"];
                /** @description Another list than the content of a folder; then there is no `parent`, and no search. */
                view?: components["schemas"]["View"];
                /** @description Search for names that have all these words. */
                query?: string;
                /** @description Search for files of this kind. */
                type?: components["schemas"]["FileKind"];
                /** @description Search in the drive of this person. */
                owner?: components["schemas"]["UserId"];
                /** @description Search for what was changed at this time or later. */
                since?: components["schemas"]["Timestamp"];
                /** @description Search for what was changed before this time. */
                until?: components["schemas"]["Timestamp"];
                /** @description In which order; folders come first in a folder. */
                sort?: components["schemas"]["Order"];
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Item"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_upload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["FormBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadedBody"];
                };
            };
            /** @description `level_too_low` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `quota_exceeded`, `name_taken`, `not_a_folder` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_transfers` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    files_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ItemView"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    files_remove: {
        parameters: {
            query?: {
                /** @description Delete for good what is in the trash already; otherwise it goes there. */
                forever?: boolean;
            };
            header?: never;
            path: {
                id: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `level_too_low` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_in_trash` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    files_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ItemChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description `level_too_low` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `name_taken`, `would_loop`, `other_drive`, `too_deep`, `not_a_folder`, `in_trash` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    downloads_content: {
        parameters: {
            query?: {
                /** @description The number of an earlier content; what the file holds now, when left out. */
                version?: number;
                /** @description A browser shall save it, even if it could show it. */
                download?: boolean;
            };
            header?: never;
            path: {
                id: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description The part that was asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description It is at the address in `Location` */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It is still the one with this ETag */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `level_too_low`, `ticket_needed`: ask for a link to this file */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_a_file` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `changed` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `range_not_satisfiable` */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    files_copy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CopyItem"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description `too_many`, `too_deep`, `quota_exceeded`, `not_a_folder` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    grants_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantsBody"];
                };
            };
            /** @description `level_too_low` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    grants_set: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ItemId"];
                /** @description The id of the person or the conversation */
                subject_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GrantBody"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `level_too_low` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_grants`, `in_trash` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    grants_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ItemId"];
                /** @description The id of the person or the conversation */
                subject_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `level_too_low` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    downloads_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkMadeBody"];
                };
            };
            /** @description `not_a_file`, `share_used_up` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    files_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description `not_in_trash` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    shares_list_of: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path: {
                id: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Share"];
                };
            };
            /** @description `level_too_low` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    shares_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewShare"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShareMadeBody"];
                };
            };
            /** @description `level_too_low` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_trash`, `not_a_folder` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    downloads_thumbnail: {
        parameters: {
            query?: {
                /** @description `small`: at most 256 pixels a side, `large`: at most 1280. */
                size?: components["schemas"]["PreviewSize"];
                /** @description Anything that is another one for another content, such as the file's `version`: with it the picture may be kept for good. */
                v?: string;
            };
            header?: never;
            path: {
                id: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JPEG or WebP */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/*": unknown;
                };
            };
            /** @description It is still the one with this ETag */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `preview_waiting`: it is being made, `no_preview`: there will be none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    versions_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ItemId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionsBody"];
                };
            };
            /** @description `level_too_low` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_a_file` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    versions_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ItemId"];
                /** @description The number of the version */
                n: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `level_too_low` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `current_version`, `not_a_file` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    versions_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ItemId"];
                /** @description The number of the version */
                n: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description `level_too_low` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `quota_exceeded`, `not_a_file`, `in_trash` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    folders_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFolder"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description `level_too_low` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `name_taken`, `not_a_folder`, `too_deep` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invites_list: {
        parameters: {
            query?: {
                /** @description Only those into this conversation. */
                conversation_id?: components["schemas"]["ConversationId"];
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Invite"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invites_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewInvite"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InviteMadeBody"];
                };
            };
            /** @description `not_a_member`, `role_too_low`, `direct_conversation`, `administrators_only` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `archived` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invites_accept: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedBody"];
                };
            };
            /** @description `invite_unknown`, `invite_revoked`, `invite_expired`, `invite_used_up`, `invite_for_newcomers` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invites_preview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitePreview"];
                };
            };
            /** @description `invite_unknown`, `invite_revoked`, `invite_expired`, `invite_used_up` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invites_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["InviteId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me_set_avatar: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The picture as it is */
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            /** @description `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me_remove_avatar: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notifications_do_not_disturb: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoNotDisturb"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notifications_leave_in_peace: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DoNotDisturb"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoNotDisturb"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me_change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `rate_limited`: too many wrong passwords */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    presence_own: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnPresence"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    presence_set: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetPresence"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnPresence"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    meetings_list: {
        parameters: {
            query?: {
                /** @description Those that end after this moment; now, when left out. */
                from?: components["schemas"]["Timestamp"];
                /** @description Those that start before this moment. */
                to?: components["schemas"]["Timestamp"];
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_MeetingBody"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    meetings_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMeeting"];
            };
        };
        responses: {
            /** @description it is there already */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeetingBody"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeetingBody"];
                };
            };
            /** @description `blocked`, `not_a_member` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_meetings`, `archived` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    meetings_free_times: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FindTime"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FreeTimes"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    meetings_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MeetingId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeetingBody"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    meetings_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MeetingId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MeetingChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeetingBody"];
                };
            };
            /** @description `not_yours`, `blocked` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `changed_meanwhile`: look at it again, `cancelled`, `meeting_over` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    meetings_answer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MeetingId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetAnswer"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeetingBody"];
                };
            };
            /** @description `organizer`: it is one's own, `cancelled`, `meeting_over` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    meetings_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MeetingId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeetingBody"];
                };
            };
            /** @description `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `cancelled`, `meeting_over` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    meetings_invite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["MeetingId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/calendar": unknown;
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notifications_list: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Notification"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notifications_clear: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetClear"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClearedBody"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accounts_reset_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPassword"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountBody"];
                };
            };
            /** @description `reset_used`, `account_deactivated` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rooms_list: {
        parameters: {
            query?: {
                /** @description The one of this conversation alone. */
                conversation_id?: components["schemas"]["ConversationId"];
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_RoomBody"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rooms_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRoom"];
            };
        };
        responses: {
            /** @description the conversation has this room already */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomBody"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomBody"];
                };
            };
            /** @description `not_a_member`, `blocked` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_rooms`, `archived` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rooms_come: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GuestBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuestMadeBody"];
                };
            };
            /** @description `guests_not_allowed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `room_unknown` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rooms_ice: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IceBody"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rooms_preview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomPreview"];
                };
            };
            /** @description `room_unknown` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rooms_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["RoomId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomBody"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rooms_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["RoomId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rooms_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["RoomId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoomChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomBody"];
                };
            };
            /** @description `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    search_search: {
        parameters: {
            query?: {
                /**
                 * @description Words, all of which must be there; in quotation marks one after another; the last one may be a beginning. At most
                 *     256 characters.
                 */
                query?: string;
                /** @description Only in this conversation. */
                conversation?: components["schemas"]["ConversationId"];
                /** @description Only messages of this person. */
                author?: components["schemas"]["UserId"];
                /** @description Only messages from this moment on. */
                since?: components["schemas"]["Timestamp"];
                /** @description Only messages from before this moment. */
                until?: components["schemas"]["Timestamp"];
                /**
                 * @description Only messages with all of these, with commas between: `link`, `mention`, `reaction`, `pin`.
                 * @example link,mention
                 */
                has?: string;
                /** @description Only messages, or only people. */
                type?: components["schemas"]["Kind"];
                /** @description How many messages at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where to go on: `messages.next` of the answer before. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchAnswer"];
                };
            };
            /** @description `not_a_member` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    server_state: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerBody"];
                };
            };
            /** @description `administrators_only` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_list: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Session"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    /** @description With `cookie: true`. */
                    "Set-Cookie"?: string | null;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedInBody"];
                };
            };
            /** @description `credentials_wrong`, `account_deactivated` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`: `Retry-After` says when the next try may come */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_sign_out_others: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_sign_out_current: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefreshedBody"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accounts_set_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetUpBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    /** @description With `cookie: true`. */
                    "Set-Cookie"?: string | null;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedInBody"];
                };
            };
            /** @description `setup_done`, `username_taken` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    shares_open: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenedBody"];
                };
            };
            /** @description `password_needed`, `password_wrong` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `share_unknown`, `share_expired`, `share_revoked`, `share_used_up` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    shares_list: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Share"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    shares_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ShareId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    shares_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ShareId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShareChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Share"];
                };
            };
            /** @description `not_your_link`, `level_too_low` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    shares_openings: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path: {
                id: components["schemas"]["ShareId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Opening"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sync_personal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalSnapshot"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sync_sync: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SyncRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncAnswer"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tokens_list: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AccessToken"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tokens_make: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenMadeBody"];
                };
            };
            /** @description `sign_in_needed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tokens_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    folders_empty_trash: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_create: {
        parameters: {
            query?: never;
            header: {
                /** @description 1.0.0 */
                "Tus-Resumable": string;
                /** @description The bytes of the file */
                "Upload-Length": number;
                /** @description Names with values in base64, with commas between them */
                "Upload-Metadata"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The first bytes, or nothing */
        requestBody: {
            content: {
                "application/offset+octet-stream": number[];
            };
        };
        responses: {
            /** @description It goes on at the address in `Location`; `Rony-File` is the file when it is whole already */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `level_too_low` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `quota_exceeded`, `name_taken`, `not_a_folder`, `not_a_file`, `too_many_uploads`, `too_much_at_once` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `tus_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_transfers` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `checksum_mismatch`: nothing was kept */
            460: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_offer: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Headers of tus */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["UploadId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description `upload_busy`: it becomes a file at the moment */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_discard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["UploadId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `upload_busy`: another request writes to it */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_append: {
        parameters: {
            query?: never;
            header: {
                /** @description 1.0.0 */
                "Tus-Resumable": string;
                /** @description How many bytes are there already */
                "Upload-Offset": number;
                /** @description `sha256` and the sum of these bytes in base64; they are then kept whole or not at all, and at most 64 MiB */
                "Upload-Checksum"?: string | null;
            };
            path: {
                id: components["schemas"]["UploadId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/offset+octet-stream": number[];
            };
        };
        responses: {
            /** @description `Upload-Offset` says how many are there now, `Rony-File` the file when it is whole */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `offset_mismatch`, `quota_exceeded`, `name_taken` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `tus_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upload_busy`: another request writes to it */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_transfers` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `checksum_mismatch`: none of the bytes was kept */
            460: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `storage_full` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_find: {
        parameters: {
            query?: {
                /** @description How a part of their username or display name begins, letter case and accents aside; everybody, when left out. */
                query?: string;
                /** @description Deactivated accounts too; for administrators. */
                deactivated?: boolean;
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_User"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `administrators_only` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `username_taken` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_administer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `administrators_only` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_administrator` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_avatar: {
        parameters: {
            query?: {
                /** @description The `avatar` of the person. With it the picture may be kept for good: another picture has another address. */
                v?: number;
            };
            header?: never;
            path: {
                id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description PNG, JPEG, GIF or WebP */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/*": unknown;
                };
            };
            /** @description It is still the one with this ETag */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_reset_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResetLinkBody"];
                };
            };
            /** @description `administrators_only` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `account_deactivated`, `bot_without_password` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tokens_list_of: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: components["schemas"]["Limit"];
                /** @description Where the next page begins, as the page before said in `next`. */
                cursor?: components["schemas"]["Cursor"];
            };
            header?: never;
            path: {
                id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AccessToken"];
                };
            };
            /** @description `administrators_only` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tokens_make_for: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenMadeBody"];
                };
            };
            /** @description `administrators_only`, `not_a_bot` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `account_deactivated` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tokens_delete_of: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["UserId"];
                token_id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `administrators_only` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
