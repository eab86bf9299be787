package identity

// IsMailbox is for the fuzz test.
var IsMailbox = isMailbox
