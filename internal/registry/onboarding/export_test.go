package onboarding

// Bound makes the room for documents of strangers another number of bytes.
func (s *Service) Bound(bytes int64) { s.most = bytes }
