package evidence

import "time"

// Erased returns when the key of what stands sealed in a payload of the journal was
// destroyed, and which it was. False where nothing does, or the key lives.
func (k *Keys) Erased(payload []byte) (key string, at time.Time, ok bool) {
	r, err := DecodeRecord(payload)
	if err != nil || !r.Personal.Sealed() {
		return "", time.Time{}, false
	}
	at, ok = k.ring.Load().ended[r.Personal.Key]
	return r.Personal.Key, at, ok
}

// TellsOfPersons reports whether anything of persons can be read in a payload of the
// journal without a key, as in records from before there were keys.
func TellsOfPersons(payload []byte) (bool, error) {
	r, err := DecodeRecord(payload)
	return err == nil && hasPersonal(&r.Exchange), err
}
