package catalog

import "strings"

// ListedCodes are the codes of each controlled list, by the field that takes
// them.
func ListedCodes() map[string][]string {
	return map[string][]string{
		"Themes":     strings.Split(joined(codes(themes())), "; "),
		"Frequency":  strings.Split(joined(codes(frequencies())), "; "),
		"Licence":    strings.Split(joined(codes(licences())), "; "),
		"Categories": strings.Split(joined(codes(personalCategories())), "; "),
	}
}
