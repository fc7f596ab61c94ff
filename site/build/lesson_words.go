package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
)

// words are what the machinery of lessons says, by key: the one table that a translator needs beside the lessons.
type words map[string]string

// readWords reads a table of strings; nested keys are joined with points.
func readWords(path string) (words, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var tree map[string]any
	if err := yaml.Unmarshal(data, &tree); err != nil {
		return nil, inYAML(path, 0, err)
	}
	w := words{}
	return w, w.add("", tree)
}

func (w words) add(prefix string, tree map[string]any) error {
	for key, v := range tree {
		switch v := v.(type) {
		case string:
			w[prefix+key] = v
		case map[string]any:
			if err := w.add(prefix+key+".", v); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%s%s: want a text, got %v", prefix, key, v)
		}
	}
	return nil
}

// say is the text of a key, with its {places} filled in: say "lesson.of" "n" 3 "all" 12.
func (w words) say(key string, places ...any) (string, error) {
	text, ok := w[key]
	if !ok {
		return "", fmt.Errorf("there is no string %q: add it to site/strings", key)
	}
	for i := 0; i+1 < len(places); i += 2 {
		text = strings.ReplaceAll(text, fmt.Sprintf("{%v}", places[i]), fmt.Sprint(places[i+1]))
	}
	return text, nil
}
