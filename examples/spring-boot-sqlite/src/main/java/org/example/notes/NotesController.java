package org.example.notes;

import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Writes and reads notes. Nothing here knows of Stream. */
@RestController
@RequestMapping("/notes")
class NotesController {

  record Note(long id, String text) {}

  record NewNote(String text) {}

  private final JdbcClient jdbc;

  NotesController(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  void write(@RequestBody NewNote note) {
    jdbc.sql("INSERT INTO notes(text) VALUES(?)").param(note.text()).update();
  }

  @GetMapping
  List<Note> read() {
    return jdbc.sql("SELECT id, text FROM notes ORDER BY id").query(Note.class).list();
  }
}
