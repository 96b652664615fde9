import type Database from "libsql";
import { SqliteDialect, SqliteDriver, type Driver, type SqliteDatabase, type SqliteStatement } from "kysely";

const WRITES = /^\s*(?:insert|replace|update|delete|create|alter|drop|with)\b/i;

/** A statement that writes takes a transaction of its own where it stands alone. */
function inTurn(database: Database.Database, sql: string): SqliteStatement {
  const statement = database.prepare(sql) as unknown as SqliteStatement;
  if (!WRITES.test(sql)) return statement;
  const alone = <T>(run: () => T): T => {
    if (database.inTransaction) return run();
    database.exec("BEGIN IMMEDIATE");
    try {
      const result = run();
      database.exec("COMMIT");
      return result;
    } catch (error) {
      if (database.inTransaction) database.exec("ROLLBACK");
      throw error;
    }
  };
  return {
    reader: statement.reader,
    all: (parameters) => alone(() => statement.all(parameters)),
    run: (parameters) => alone(() => statement.run(parameters)),
    iterate: (parameters) => statement.iterate(parameters),
  };
}

class InTurn extends SqliteDriver {
  constructor(
    private readonly database: Database.Database,
    config: { database: SqliteDatabase },
  ) {
    super(config);
  }

  override beginTransaction(): Promise<void> {
    return this.exec("BEGIN IMMEDIATE");
  }

  override commitTransaction(): Promise<void> {
    return this.exec("COMMIT");
  }

  override rollbackTransaction(): Promise<void> {
    return this.exec("ROLLBACK");
  }

  private async exec(sql: string): Promise<void> {
    this.database.exec(sql);
  }
}

/**
 * SQLite as several processes write it: who writes takes his turn as he begins (`BEGIN IMMEDIATE`), and only there can he be told that
 * another one has it (SQLITE_BUSY). SQLite keeps a statement that was told so as it stands, for another try (sqlite3_step), and the
 * library lets go of one that it prepared only when that is collected as garbage: until then nothing else of its connection could be
 * committed. What is executed without being prepared is let go of at once.
 */
export class InTurnDialect extends SqliteDialect {
  private readonly config: { database: SqliteDatabase };

  constructor(private readonly database: Database.Database) {
    const config = {
      database: {
        prepare: (sql: string) => inTurn(database, sql),
        close: () => void database.close(),
      },
    };
    super(config);
    this.config = config;
  }

  override createDriver(): Driver {
    return new InTurn(this.database, this.config);
  }
}
