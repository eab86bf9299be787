package contract

import "strings"

// problems reports whether an operation says that it answers failures with
// problem documents (RFC 9457).
func (r *reader) problems(responses *node) bool {
	names, answers := responses.members()
	for i, status := range names {
		if isSuccess(status) {
			continue
		}
		media, _ := r.resolve(answers[i]).get("content").members()
		for _, name := range media {
			base, _, _ := strings.Cut(strings.ToLower(name), ";")
			if strings.TrimSpace(base) == "application/problem+json" {
				return true
			}
		}
	}
	return false
}
