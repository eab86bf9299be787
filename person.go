package simpul

// Pseudonym stands for a person without saying who that is: the month of the key,
// a colon, and 128 bits of the keyed hash (HMAC-SHA-256) of the NIK in unpadded
// base64url, as in "2026-11:W3kq…". Only the hub that holds the month's key can
// tell whether it is a certain person's.
type Pseudonym string

// DataSubject says where the NIK of the person stands whose data a call is about, so
// that the person can see afterwards who looked. Empty parts are not looked at.
type DataSubject struct {
	Parameter string `json:"parameter,omitempty" maxLength:"100" doc:"Parameter of the path or the query of the contract that holds the NIK" example:"nik"`
	Request   string `json:"request,omitempty" maxLength:"200" doc:"Path of the member in the body of the call that holds the NIK" example:"pemohon.nik"`
	Answer    string `json:"answer,omitempty" maxLength:"200" doc:"Path of the member in the answer that holds the NIK, as items.nik; every element counts" example:"items.nik"`
}
