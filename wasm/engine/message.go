//go:build js

package main

import (
	"errors"
	"fmt"
	"syscall/js"

	"keepalive/model"
	"keepalive/model/trace"
)

// header writes the header of a message, which the stage found in the log, from the scenario alone.
func header(q request, configs []model.Config, out js.Value) error {
	switch {
	case q.Lane < 0 || q.Lane >= len(configs):
		return fmt.Errorf("message: want the lane of one of %d runs, from 0, got %d", len(configs), q.Lane)
	case q.Name.Method == "" || q.Name.Path == "":
		return errors.New("message: want the name of its request, with method and path")
	case q.Status != trace.OK && !q.Status.Answered():
		return fmt.Errorf("message: nobody answers with status %d", q.Status)
	}
	out.Set("text", configs[q.Lane].MessageText(q.Message))
	return nil
}
