package simpul

import "time"

// Notice is a message from the hub to people who work with it. Rooms write it;
// the notice room delivers it to their inbox and, as they prefer, by e-mail.
type Notice struct {
	Topic    string      // noun.verb, such as "key.expiring": what preferences choose by
	Key      string      // of two notices with the same key to one person, the second is dropped; empty: none is
	Accounts []AccountID // to these people
	Agency   AgencyID    // and to everybody of this agency, or of the nation where empty,
	Holding  Permission  // whose roles contain this permission; empty: to nobody else
	Except   AccountID   // but not to this person, who knows already
	Title    Text        // one line
	Body     Text        // a few sentences; no secrets
	Link     string      // path of the page where the reader acts, such as "/akun"
	Due      time.Time   // until when somebody must act; zero: nobody must
	Urgent   bool        // goes by e-mail whatever the preferences say
}
