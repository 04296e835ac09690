<?php
declare(strict_types=1);

/**
 * Who may call a method, where we know: bots and users (`both`), only users, only bots. Names without a namespace of their
 * own belong to the one that is their key.
 */
return [
    'both' => [
        'auth' => 'bindTempAuthKey dropTempAuthKeys exportAuthorization importAuthorization logOut',
        'channels' => 'deleteMessages editAdmin editBanned editPhoto editTitle getChannels getFullChannel getMessages
            getParticipant getParticipants leaveChannel setStickers',
        'contacts' => 'resolveUsername',
        'help' => 'getCdnConfig getConfig',
        'messages' => 'createForumTopic deleteChatUser deleteMessages deleteTopicHistory editChatAbout
            editChatDefaultBannedRights editChatPhoto editChatTitle editExportedChatInvite editForumTopic editMessage
            exportChatInvite forwardMessages getChats getCustomEmojiDocuments getFullChat getMessages getStickerSet
            hideChatJoinRequest sendMedia sendMessage sendMultiMedia sendReaction setTyping unpinAllMessages
            updatePinnedMessage uploadMedia',
        'photos' => 'getUserPhotos updateProfilePhoto uploadProfilePhoto',
        'updates' => 'getChannelDifference getDifference getState',
        'upload' => 'getCdnFile getCdnFileHashes getFile getFileHashes reuploadCdnFile saveBigFilePart saveFilePart',
        'users' => 'getFullUser getUsers',
    ],
    'users' => [
        'account' => 'changePhone checkUsername deleteAccount getAccountTTL getAuthorizations getGlobalPrivacySettings
            getNotifySettings getPassword getPrivacy initTakeoutSession reportPeer resetAuthorization sendChangePhoneCode
            setAccountTTL setPrivacy updateBirthday updateEmojiStatus updateNotifySettings updatePasswordSettings
            updateProfile updateStatus updateUsername',
        'auth' => 'acceptLoginToken checkPassword resetAuthorizations sendCode signIn signUp',
        'channels' => 'checkUsername createChannel deleteChannel deleteHistory exportMessageLink getAdminLog
            getAdminedPublicChannels getChannelRecommendations inviteToChannel joinChannel readHistory searchPosts
            setDiscussionGroup toggleForum togglePreHistoryHidden toggleSignatures toggleSlowMode updateUsername',
        'chatlists' => 'checkChatlistInvite joinChatlistInvite',
        'contacts' => 'addContact block deleteByPhones deleteContacts getBlocked getContacts getStatuses getTopPeers
            importContacts search unblock',
        'folders' => 'editPeerFolders',
        'messages' => 'addChatUser checkChatInvite createChat deleteHistory faveSticker getAllDrafts getAllStickers
            getBotCallbackAnswer getCommonChats getDialogFilters getDialogs getExportedChatInvites getHistory
            getInlineBotResults getMessagesViews getPeerDialogs getPinnedDialogs getPollResults getPollVotes getReplies
            getSavedGifs getScheduledHistory getUnreadMentions importChatInvite installStickerSet markDialogUnread
            migrateChat readHistory readMentions reportSpam requestWebView saveDraft search searchGlobal
            sendInlineBotResult sendScheduledMessages sendVote startBot toggleDialogPin translateText
            updateDialogFilter',
        'photos' => 'deletePhotos',
        'stories' => 'getAllStories getPeerStories readStories',
    ],
    'bots' => [
        'account' => 'getBotBusinessConnection',
        'auth' => 'importBotAuthorization',
        'bots' => 'answerWebhookJSONQuery getBotCommands getBotMenuButton resetBotCommands sendCustomRequest setBotBroadcastDefaultAdminRights
            setBotCommands setBotGroupDefaultAdminRights setBotMenuButton updateUserEmojiStatus',
        'help' => 'setBotUpdatesStatus',
        'messages' => 'editInlineBotMessage getGameHighScores getInlineGameHighScores savePreparedInlineMessage
            sendWebViewResultMessage setBotCallbackAnswer setBotPrecheckoutResults setBotShippingResults setGameScore
            setInlineBotResults setInlineGameScore',
        'payments' => 'refundStarsCharge',
        'users' => 'setSecureValueErrors',
    ],
];
