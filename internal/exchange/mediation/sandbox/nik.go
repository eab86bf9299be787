package sandbox

import "simpul"

// nobody is 16 digits that are nobody's: no month is the 99th.
const nobody = "9999999999999999"

// withoutNIK replaces, in place, every run of digits that could be somebody's NIK.
func withoutNIK(text []byte) []byte {
	for i := 0; i < len(text); {
		end := i
		for end < len(text) && '0' <= text[end] && text[end] <= '9' {
			end++
		}
		if end-i == len(nobody) {
			if _, err := simpul.ParseNIK(string(text[i:end])); err == nil {
				copy(text[i:end], nobody)
			}
		}
		i = max(end, i+1)
	}
	return text
}
