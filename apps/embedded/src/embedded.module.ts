import { Module, type DynamicModule } from '@nestjs/common';

/** The REST endpoints of all services in one HTTP application. */
@Module({})
export class EmbeddedModule {
  static with(...imports: readonly DynamicModule[]): DynamicModule {
    return { module: EmbeddedModule, imports: [...imports] };
  }
}
